--TEST--
Queries on connections of their own wait together
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $connections = [];
    for ($i = 0; $i < 10; $i++) {
        $connections[] = mysql_open();
    }
    $start = microtime(true);
    $results = [];
    $group = new Swoole\Coroutine\WaitGroup();
    foreach ($connections as $i => $mysql) {
        $group->add();
        go(static function () use ($i, $mysql, &$results, $group): void {
            $results[] = $mysql->query("SELECT SLEEP(0.3), $i AS i")[0]['i'];
            $group->done();
        });
    }
    echo "started\n";
    $group->wait();
    $took = microtime(true) - $start;
    sort($results);
    echo implode(' ', $results), ' ', $took >= 0.3 && $took < 1.5 ? 'together' : "in $took s", "\n";
});
--EXPECT--
started
0 1 2 3 4 5 6 7 8 9 together
