<?php

declare(strict_types=1);

// A WebSocket server: argv[1] port, [2] base (one process), process (three of them) or coroutine, [3] echo, which sends back what comes,
// or broadcast, which sends it to all that are connected.

[, $port, $style, $what] = $argv;
if ($style !== 'coroutine') {
    $server = new Swoole\WebSocket\Server('127.0.0.1', (int) $port, $style === 'process' ? SWOOLE_PROCESS : SWOOLE_BASE);
    $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_ERROR]);
    $server->on('open', static fn () => null);
    $server->on('message', static function ($server, $frame) use ($what): void {
        if ($what === 'echo') {
            $server->push($frame->fd, $frame->data);
            return;
        }
        foreach ($server->connections as $fd) {
            if ($server->isEstablished($fd)) {
                $server->push($fd, $frame->data);
            }
        }
    });
    $server->start();
    exit;
}
Swoole\Coroutine\run(static function () use ($port, $what): void {
    $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) $port);
    $all = [];
    $server->handle('/', static function ($request, $response) use ($what, &$all): void {
        $response->upgrade();
        $all[$response->fd] = $response;
        while ($frame = $response->recv()) {
            if ($what === 'echo') {
                $response->push($frame->data);
                continue;
            }
            foreach ($all as $other) {
                $other->push($frame->data);
            }
        }
        unset($all[$response->fd]);
    });
    $server->start();
});
