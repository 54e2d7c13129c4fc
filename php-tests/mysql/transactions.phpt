--TEST--
begin(), commit() and rollback()
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = mysql_open();
    $mysql->query('CREATE TEMPORARY TABLE t (n INT)');
    foreach (['rollback', 'commit'] as $end) {
        var_dump($mysql->begin(), $mysql->query('INSERT INTO t VALUES (1)'), $mysql->$end());
        var_dump($mysql->query('SELECT COUNT(*) AS n FROM t')[0]['n']);
    }
});
--EXPECT--
bool(true)
bool(true)
bool(true)
string(1) "0"
bool(true)
bool(true)
bool(true)
string(1) "1"
