<?php

declare(strict_types=1);

// A server of many processes: argv[1] port, [2] base or process, [3] workers. Hello world, a handler that sleeps 5 ms, one that asks a task worker.

[, $port, $mode, $workers] = $argv;
$server = new Swoole\Http\Server('127.0.0.1', (int) $port, $mode === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
$server->set(['worker_num' => (int) $workers, 'task_worker_num' => 1, 'log_level' => SWOOLE_LOG_ERROR]);
$server->on('task', static fn ($server, $task, $worker, $data) => $data);
$server->on('finish', static fn () => null);
$server->on('request', static function ($request, $response) use ($server): void {
    switch ($request->server['request_uri']) {
        case '/sleep':
            Swoole\Coroutine::sleep(0.005);
            break;
        case '/task':
            $response->end($server->taskwait("Hello World\n", 10));
            return;
    }
    $response->end("Hello World\n");
});
$server->start();
