<?php

declare(strict_types=1);

// A worker and a task worker: argv[1] base or process, argv[2] tasks, so many at a time as argv[3] says, each waited for.
//
// What counts is the CPU time of both.

require __DIR__ . '/measure.php';

[, $mode, $count, $width] = $argv;
$server = new Swoole\Server('127.0.0.1', 0, $mode === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
$server->set(['worker_num' => 1, 'task_worker_num' => 1, 'log_level' => SWOOLE_LOG_ERROR]);
$server->on('receive', static fn () => null);
$server->on('finish', static fn () => null);
$server->on('task', static fn ($server, $task, $worker, $data) => $data === 'cpu' ? cpu_seconds() : $data);
$server->on('workerStart', static function ($server, $id) use ($count, $width): void {
    if ($id !== 0) {
        return;
    }
    go(static function () use ($server, $count, $width): void {
        $work = static function (int $n) use ($server, $width): void {
            $ids = [];
            for ($i = 0; $i < $width; $i++) {
                $ids[] = go(static function () use ($server, $n, $width): void {
                    for ($left = intdiv($n, (int) $width); $left > 0; $left--) {
                        if ($server->taskwait('ping', 10) !== 'ping') {
                            throw new Exception('no answer');
                        }
                    }
                });
            }
            Swoole\Coroutine::join($ids);
        };
        $cpu = static fn (): float => cpu_seconds() + $server->taskwait('cpu', 10);
        $work(2000);
        $start = $cpu();
        $work((int) $count);
        echo json_encode(['cpu_us' => ($cpu() - $start) / $count * 1e6]), "\n";
        $server->shutdown();
    });
});
$server->start();
