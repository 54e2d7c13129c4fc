--TEST--
A statement keeps its connection alive
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $statement = mysql_open()->prepare('SELECT 6 AS six');
    gc_collect_cycles();
    var_dump($statement->execute()[0]['six']);
});
--EXPECT--
int(6)
