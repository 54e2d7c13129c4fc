<?php

declare(strict_types=1);

use Swoole\Coroutine\MySQL;

/** Settings of the test server, with `$changes` over them. */
function mysql_settings(array $changes = []): array
{
    return $changes + [
        'host' => getenv('STEELWOOL_MYSQL_HOST'),
        'port' => (int) getenv('STEELWOOL_MYSQL_PORT'),
        'user' => getenv('STEELWOOL_MYSQL_USER'),
        'password' => getenv('STEELWOOL_MYSQL_PASSWORD'),
        'database' => getenv('STEELWOOL_MYSQL_DATABASE'),
    ];
}

/** A new connection to the test server. */
function mysql_open(array $changes = []): MySQL
{
    // Swoole 5.1.8, on which these tests ran too, calls its constructor deprecated.
    $mysql = @new MySQL();
    if (!$mysql->connect(mysql_settings($changes))) {
        throw new RuntimeException("cannot connect: $mysql->connect_error");
    }
    return $mysql;
}

/** Prints what the last call on a connection or statement left in its error properties. */
function show_error(object $object): void
{
    echo "$object->errno: $object->error\n";
}

/** The id the server has for a connection. */
function mysql_id(MySQL $mysql): int
{
    return (int) $mysql->query('SELECT CONNECTION_ID() AS id')[0]['id'];
}
