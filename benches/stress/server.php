<?php

declare(strict_types=1);

// The server that benches/stress/server puts under stress: server.php MODE PORT WORKERS FILE [SETTINGS]
//
// Each worker that begins writes a line to FILE: the time, its process and its number. SETTINGS are JSON.

[, $mode, $port, $workers, $file] = $argv;
$settings = json_decode($argv[5] ?? '[]', true);
$server = new Swoole\WebSocket\Server('127.0.0.1', (int) $port, $mode === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
$server->set($settings + ['worker_num' => (int) $workers, 'log_level' => SWOOLE_LOG_ERROR, 'max_wait_time' => 10]);
$server->on('workerStart', function ($server, int $id) use ($file): void {
    file_put_contents($file, sprintf("%.6f %d %d\n", microtime(true), getmypid(), $id), FILE_APPEND);
});
$server->on('open', fn () => null);
$server->on('message', function ($server, $frame): void {
    if ($frame->data === 'sleep') {
        Co::sleep(0.5);
    }
    while ($frame->data === 'endless' && @$server->push($frame->fd, str_repeat('x', 100_000))) {
    }
    $server->push($frame->fd, $frame->data);
});
$server->on('task', fn ($server, $task, int $worker, mixed $data) => $data);
$server->on('finish', fn () => null);
$server->on('request', function ($request, $response) use ($server): void {
    switch ($request->server['path_info']) {
        case '/sleep':
            Co::sleep((float) ($request->get['s'] ?? 0.3));
            break;
        case '/block':
            $end = microtime(true) + 0.3;
            while (microtime(true) < $end) {
            }
            break;
        case '/throw':
            throw new Exception('x');
        case '/late':
            Co::sleep(0.01);
            throw new Exception('x');
        case '/error':
            trigger_error('x', E_USER_ERROR);
            return;
        case '/exit':
            exit(1);
        case '/die':
            exit('x');
        case '/recursion':
            ini_set('memory_limit', '64M');
            $endless = function () use (&$endless) {
                return $endless() + 1;
            };
            $endless();
            return;
        case '/memory':
            ini_set('memory_limit', '64M');
            for ($all = [];;) {
                $all[] = str_repeat('x', 100_000);
            }
        case '/undefined':
            undefined();
            return;
        case '/type':
            strlen([]);
            return;
        case '/nested':
            go(fn () => throw new Exception('x'));
            break;
        case '/timer':
            Swoole\Timer::after(1, fn () => throw new Exception('x'));
            Co::sleep(5);
            break;
        case '/half':
            $response->write('half');
            throw new Exception('x');
        case '/nothing':
            return;
        case '/kill':
            posix_kill(getmypid(), SIGKILL);
            return;
        case '/write':
            for ($i = 0; $i < 20; $i++) {
                $response->write(str_repeat('x', 1000));
            }
            $response->end();
            return;
        case '/endless':
            while ($response->write(str_repeat('x', 100_000))) {
            }
            return;
        case '/large':
            $response->end(str_repeat('x', 300_000));
            return;
        case '/post':
            $response->end((string) strlen($request->rawContent()));
            return;
        case '/file':
            $response->sendfile(__FILE__);
            return;
        case '/task':
            $response->end($server->taskwait('ping', 5));
            return;
        case '/state':
            $response->end(json_encode([
                'pid' => getmypid(),
                'coroutines' => Co::stats()['coroutine_num'],
                'timers' => Swoole\Timer::stats()['num'],
                'connections' => $server->stats()['connection_num'],
            ]));
            return;
    }
    $response->end('pid ' . getmypid());
});
// Clients of plain TCP that never read: it sends until it is refused.
$plain = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
$plain->set(['open_http_protocol' => false, 'open_websocket_protocol' => false, 'socket_buffer_size' => 1 << 20]);
$plain->on('receive', function ($server, int $fd): void {
    $data = str_repeat('x', 100_000);
    while (@$server->send($fd, $data)) {
    }
});
file_put_contents($file, "plain $plain->port\n");
$server->start();
