<?php

declare(strict_types=1);

// One kind of call on a Table, argv[2] of them in each of argv[3] processes on the same rows: CPU nanoseconds per call over all processes.
// The time of the bare loop with its keys is taken off.

use Swoole\Atomic;
use Swoole\Table;

require __DIR__ . '/measure.php';

const ROWS = 64;

[, $what, $n, $processes] = $argv;
$n = (int) $n;
$table = new Table(1024);
$table->column('id', Table::TYPE_INT);
$table->column('name', Table::TYPE_STRING, 32);
$table->column('score', Table::TYPE_FLOAT);
$table->create();
$keys = [];
for ($i = 0; $i < ROWS; $i++) {
    $keys[] = "user:$i";
    $table->set("user:$i", ['id' => $i, 'name' => "name of $i", 'score' => $i / 2]);
}

$works = [
    'nothing' => static function (int $n) use ($keys): void {
        for ($i = 0; $i < $n; $i++) {
            $key = $keys[$i & ROWS - 1];
        }
    },
    'set' => static function (int $n) use ($table, $keys): void {
        for ($i = 0; $i < $n; $i++) {
            $table->set($keys[$i & ROWS - 1], ['id' => $i, 'name' => 'a name', 'score' => 1.5]);
        }
    },
    'get' => static function (int $n) use ($table, $keys): void {
        for ($i = 0; $i < $n; $i++) {
            $table->get($keys[$i & ROWS - 1]);
        }
    },
    'field' => static function (int $n) use ($table, $keys): void {
        for ($i = 0; $i < $n; $i++) {
            $table->get($keys[$i & ROWS - 1], 'id');
        }
    },
    'incr' => static function (int $n) use ($table, $keys): void {
        for ($i = 0; $i < $n; $i++) {
            $table->incr($keys[$i & ROWS - 1], 'id');
        }
    },
    'mixed' => static function (int $n) use ($table, $keys): void {
        for ($i = 0; $i < $n; $i += 4) {
            $key = $keys[$i & 3];
            $table->set($key, ['id' => $i, 'name' => 'a name', 'score' => 1.5]);
            $table->get($key);
            $table->incr($key, 'id');
            $table->get($key, 'score');
        }
    },
];

$measure = static function (string $what) use ($works, $n): float {
    $works[$what](min($n, 2000));
    $start = cpu_seconds();
    $works[$what]($n);
    return cpu_seconds() - $start;
};
$one = static fn (): float => ($measure($what) - $measure('nothing')) / $n * 1e9;

$go = new Atomic(0);
$sum = new Atomic\Long(0);
$children = [];
for ($i = 1; $i < (int) $processes; $i++) {
    $pid = pcntl_fork();
    if ($pid === 0) {
        while ($go->get() === 0) {
        }
        $sum->add((int) ($one() * 1000));
        exit(0);
    }
    $children[] = $pid;
}
usleep(50_000 * count($children));
$go->set(1);
$sum->add((int) ($one() * 1000));
foreach ($children as $pid) {
    pcntl_waitpid($pid, $status);
}
echo json_encode(['cpu_ns' => $sum->get() / 1000 / (int) $processes]), "\n";
