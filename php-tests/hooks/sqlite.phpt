--TEST--
SQLite waits for another coroutine's lock while that one goes on
--EXTENSIONS--
pdo_sqlite
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

$path = tempnam(sys_get_temp_dir(), 'steelwool');
$open = static function () use ($path): PDO {
    $pdo = new PDO("sqlite:$path");
    $pdo->setAttribute(PDO::ATTR_TIMEOUT, 30);
    return $pdo;
};
$open()->exec('CREATE TABLE t (n INTEGER)');
$took = seconds_of(10, static function (int $i) use ($open): void {
    $pdo = $open();
    $pdo->exec('BEGIN IMMEDIATE');
    usleep(10_000);
    $pdo->exec("INSERT INTO t VALUES ($i)");
    $pdo->exec('COMMIT');
});
echo $open()->query('SELECT COUNT(*), SUM(n) FROM t')->fetch(PDO::FETCH_NUM) === [10, 45] ? "all written\n" : "lost\n";
echo $took < 25 ? "in time\n" : "$took s\n";
unlink($path);
--EXPECT--
all written
in time
