--TEST--
query() past its time-out: false with errno 2006, and the connection is closed
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = mysql_open();
    $start = microtime(true);
    var_dump($mysql->query('SELECT SLEEP(3)', 0.1));
    $took = microtime(true) - $start;
    var_dump($took >= 0.09 && $took < 1);
    show_error($mysql);
    var_dump($mysql->connected, $mysql->query('SELECT 1'), $mysql->errno);
    var_dump($mysql->connect(mysql_settings()), count($mysql->query('SELECT 1', 5)), count($mysql->query('SELECT 1', -1)));
    $statement = $mysql->prepare('SELECT SLEEP(?)');
    var_dump($statement->execute([3], 0.05));
    show_error($statement);
    var_dump($mysql->errno);
});
--EXPECT--
bool(false)
bool(true)
2006: SQLSTATE[HY000] [2006] MySQL server has gone away due to Connection timed out
bool(true)
bool(false)
int(2002)
bool(true)
int(1)
int(1)
bool(false)
2006: SQLSTATE[HY000] [2006] MySQL server has gone away due to Connection timed out
int(2006)
