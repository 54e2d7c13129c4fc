--TEST--
Values of many megabytes go both ways, by text and by parameters
--INI--
memory_limit=512M
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = mysql_open();
    $mysql->query('CREATE TEMPORARY TABLE t (id INT PRIMARY KEY, v LONGBLOB)');
    $insert = $mysql->prepare('INSERT INTO t VALUES (?, ?)');
    $select = $mysql->prepare('SELECT v FROM t WHERE id = ?');
    foreach ([1 << 20, (16 << 20) - 20, (16 << 20) + 3, 33 << 20] as $id => $length) {
        $value = str_repeat('0123456789abcdef', intdiv($length, 16) + 1);
        $value = substr($value, 0, $length);
        var_dump($id % 2 === 0 ? $insert->execute([$id, $value]) : $mysql->query("INSERT INTO t VALUES ($id, '$value')"));
        var_dump($select->execute([$id])[0]['v'] === $value, $mysql->query("SELECT v FROM t WHERE id = $id")[0]['v'] === $value);
    }
});
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
