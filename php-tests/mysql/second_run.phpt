--TEST--
A connection that was made in one run() works in the next
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

$mysql = null;
Swoole\Coroutine\run(static function () use (&$mysql): void {
    $mysql = mysql_open();
    $mysql->query('SET @mine = 7');
});
Swoole\Coroutine\run(static function () use (&$mysql): void {
    var_dump($mysql->query('SELECT @mine AS mine')[0]['mine']);
    $statement = $mysql->prepare('SELECT @mine + ? AS more');
    var_dump($statement->execute([1])[0]['more']);
});
Swoole\Coroutine\run(static function () use (&$mysql): void {
    var_dump($mysql->close());
});
--EXPECT--
string(1) "7"
float(8)
bool(true)
