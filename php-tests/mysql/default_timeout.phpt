--TEST--
socket_read_timeout of Coroutine::set() limits queries that name no time-out
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    Swoole\Coroutine::set(['socket_read_timeout' => 0.1]);
    $mysql = mysql_open();
    var_dump($mysql->query('SELECT SLEEP(3)'), $mysql->errno);
});
--EXPECT--
bool(false)
int(2006)
