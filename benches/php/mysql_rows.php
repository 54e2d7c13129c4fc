<?php

declare(strict_types=1);

// argv[1] results of 100 rows with 4 columns, on 8 connections: Coroutine\MySQL where there is one, otherwise mysqli under the runtime hooks.

use Swoole\Coroutine;
use Swoole\Coroutine\MySQL;
use Swoole\Coroutine\WaitGroup;

require __DIR__ . '/measure.php';
require __DIR__ . '/database.php';

Coroutine\run(static function () use ($argv): void {
    table();
    $mysqli = !class_exists(MySQL::class);
    $open = [];
    for ($c = 0; $c < 8; $c++) {
        $open[] = $mysqli ? mysqli_connection() : connection();
    }
    report((int) $argv[1], static function (int $n) use ($open, $mysqli): void {
        $group = new WaitGroup();
        foreach ($open as $c => $connection) {
            $group->add();
            go(static function () use ($group, $connection, $c, $mysqli, $n, $open): void {
                for ($i = $c; $i < $n; $i += count($open)) {
                    $first = $i % (ROWS - 100) + 1;
                    $sql = "SELECT id, name, amount, note FROM bench WHERE id >= $first ORDER BY id LIMIT 100";
                    $rows = $mysqli ? $connection->query($sql)->fetch_all(MYSQLI_ASSOC) : $connection->query($sql);
                    if (count($rows) !== 100 || $rows[99]['amount'] != ($first + 99) * 7) {
                        throw new RuntimeException('wrong rows');
                    }
                }
                $group->done();
            });
        }
        $group->wait();
    });
});
