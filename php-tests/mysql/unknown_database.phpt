--TEST--
An unknown database: connect() is false with the server's error
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = @new Swoole\Coroutine\MySQL();
    var_dump($mysql->connect(mysql_settings(['database' => 'nowhere'])), $mysql->connect_errno, $mysql->connect_error);
});
--EXPECT--
bool(false)
int(1049)
string(49) "SQLSTATE[42000] [1049] Unknown database 'nowhere'"
