<?php

declare(strict_types=1);

// What the measures of databases share.

use Swoole\Coroutine\MySQL;

const ROWS = 1000;

/** Settings of the database for Coroutine\MySQL. */
function settings(): array
{
    return [
        'host' => getenv('STEELWOOL_MYSQL_HOST'),
        'port' => (int) getenv('STEELWOOL_MYSQL_PORT'),
        'user' => getenv('STEELWOOL_MYSQL_USER'),
        'password' => getenv('STEELWOOL_MYSQL_PASSWORD'),
        'database' => getenv('STEELWOOL_MYSQL_DATABASE'),
    ];
}

/** A connection of Coroutine\MySQL. */
function connection(): MySQL
{
    $mysql = @new MySQL();
    $mysql->connect(settings()) || throw new RuntimeException($mysql->connect_error);
    return $mysql;
}

function mysqli_connection(): mysqli
{
    $to = settings();
    return new mysqli($to['host'], $to['user'], $to['password'], $to['database'], $to['port']);
}

function pdo_connection(): PDO
{
    $to = settings();
    return new PDO("mysql:host={$to['host']};port={$to['port']};dbname={$to['database']}", $to['user'], $to['password']);
}

/** The table `bench` with its rows, the same whoever runs first. */
function table(): void
{
    $mysqli = mysqli_connection();
    $mysqli->query('CREATE TABLE IF NOT EXISTS bench (id INT PRIMARY KEY, name VARCHAR(40), amount INT, note VARCHAR(80))');
    if ((int) $mysqli->query('SELECT COUNT(*) FROM bench')->fetch_row()[0] !== ROWS) {
        $rows = array_map(static fn (int $i): string => "($i, 'name of row $i', $i * 7, 'what there is to say of row $i')", range(1, ROWS));
        $mysqli->query('REPLACE INTO bench VALUES ' . implode(',', $rows));
    }
}
