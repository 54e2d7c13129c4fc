--TEST--
socket_connect_timeout of Coroutine::set() limits a connect() that names no time-out
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

$silent = stream_socket_server('tcp://127.0.0.1:0');
$port = (int) substr(strrchr(stream_socket_get_name($silent, false), ':'), 1);
Swoole\Coroutine::set(['socket_connect_timeout' => 0.1]);
Swoole\Coroutine\run(static function () use ($port): void {
    $mysql = @new Swoole\Coroutine\MySQL();
    $start = microtime(true);
    var_dump($mysql->connect(mysql_settings(['port' => $port])));
    $took = microtime(true) - $start;
    var_dump($took > 0.09 && $took < 1);
    echo "$mysql->connect_errno: $mysql->connect_error\n";
});
--EXPECT--
bool(false)
bool(true)
2002: SQLSTATE[HY000] [2002] Connection timed out
