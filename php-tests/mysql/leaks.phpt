--TEST--
Queries, statements and failures leave no memory behind
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = mysql_open();
    $work = static function () use ($mysql): void {
        $mysql->query("SELECT 1 AS a, 'text of some length' AS b, NULL AS c");
        $mysql->query('SELEC');
        $statement = $mysql->prepare('SELECT ? AS a, ? AS b');
        $statement->execute([1, 'another text']);
        $statement->execute([1]);
        $other = mysql_open();
        $other->query('SELECT 1');
    };
    $work();
    $work();
    $before = memory_get_usage();
    for ($i = 0; $i < 50; $i++) {
        $work();
    }
    var_dump(memory_get_usage() - $before);
});
--EXPECT--
int(0)
