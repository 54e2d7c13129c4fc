<?php

// Prints all users of the database "test". The server's address comes from the environment; it is 127.0.0.1:3306, user root with
// the password "password", when nothing is set there.

Swoole\Coroutine\run(function() {
$mysql = new Swoole\Coroutine\MySQL();
    $mysql->connect([
        'host' => getenv('STEELWOOL_MYSQL_HOST') ?: '127.0.0.1',
        'port' => getenv('STEELWOOL_MYSQL_PORT') ?: 3306,
        'user' => getenv('STEELWOOL_MYSQL_USER') ?: 'root',
        'password' => getenv('STEELWOOL_MYSQL_PASSWORD') ?: 'password',
        'database' => getenv('STEELWOOL_MYSQL_DATABASE') ?: 'test'
    ]);

    $result = $mysql->query("SELECT * FROM users");
    print_r($result);
});
