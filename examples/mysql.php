<?php

// The example of ODY's page on coroutines; only the server's address is read from the environment.

$host = getenv('STEELWOOL_MYSQL_HOST') ?: '127.0.0.1';
$port = (int) (getenv('STEELWOOL_MYSQL_PORT') ?: 3306);

Swoole\Coroutine\run(function () use ($host, $port) {
    $mysql = new Swoole\Coroutine\MySQL();
    $mysql->connect([
        'host' => $host,
        'port' => $port,
        'user' => 'root',
        'password' => 'password',
        'database' => 'test'
    ]);

    $result = $mysql->query("SELECT * FROM users");
    print_r($result);
});
