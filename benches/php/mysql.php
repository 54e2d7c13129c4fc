<?php

declare(strict_types=1);

// Point selects on argv[2] connections, argv[1] in all; argv[3]: text or prepared.

use Swoole\Coroutine;
use Swoole\Coroutine\WaitGroup;

require __DIR__ . '/measure.php';
require __DIR__ . '/database.php';

Coroutine\run(static function () use ($argv): void {
    [, $n, $connections, $kind] = $argv;
    table();
    $open = $statements = [];
    for ($c = 0; $c < $connections; $c++) {
        $open[$c] = connection();
        $statements[$c] = $open[$c]->prepare('SELECT id, name, amount FROM bench WHERE id = ?');
    }
    report((int) $n, static function (int $n) use ($open, $statements, $kind): void {
        $group = new WaitGroup();
        foreach ($open as $c => $mysql) {
            $group->add();
            go(static function () use ($group, $mysql, $c, $statements, $kind, $n, $open): void {
                for ($i = $c; $i < $n; $i += count($open)) {
                    $id = $i % ROWS + 1;
                    $rows = $kind === 'text'
                        ? $mysql->query("SELECT id, name, amount FROM bench WHERE id = $id")
                        : $statements[$c]->execute([$id]);
                    if (($rows[0]['amount'] ?? null) != $id * 7) {
                        throw new RuntimeException("wrong row: {$mysql->error}");
                    }
                }
                $group->done();
            });
        }
        $group->wait();
    });
});
