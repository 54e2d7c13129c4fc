--TEST--
A wrong password: connect() is false with the server's error
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = @new Swoole\Coroutine\MySQL();
    var_dump($mysql->connect(mysql_settings(['password' => 'wrong'])), $mysql->connect_errno, $mysql->connect_error, $mysql->connected);
    var_dump($mysql->errno, $mysql->error);
    // and the object can be used again
    var_dump($mysql->connect(mysql_settings()), count($mysql->query('SELECT 1')));
});
--EXPECTF--
bool(false)
int(1045)
string(%d) "SQLSTATE[28000] [1045] Access denied for user 'root'@'%s' (using password: YES)"
bool(false)
int(0)
string(0) ""
bool(true)
int(1)
