<?php

declare(strict_types=1);

// The server that benches/stress/http puts under stress: http.php coroutine|base|process PORT

[, $style, $port] = $argv;
// one string for all: what it costs is not the server's
$large = str_repeat('x', 16 << 20);
$answer = static function ($request, $response) use ($large): void {
    switch ($request->server['path_info']) {
        case '/large':
            $response->end($large);
            break;
        case '/pieces':
            while ($response->write(str_repeat('x', 16 << 10))) {
            }
            break;
        default:
            $response->end("Hello World\n");
    }
};
$settings = ['open_http2_protocol' => true, 'http_compression' => false, 'max_connection' => 20_000];
if ($style === 'coroutine') {
    Swoole\Coroutine\run(static function () use ($answer, $settings, $port): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) $port);
        $server->set($settings + ['backlog' => 8192]);
        $server->handle('/', $answer);
        $server->handle('/websocket', static function ($request, $response): void {
            for ($response->upgrade(); $frame = $response->recv(); $response->push($frame));
        });
        $server->start();
    });
    exit;
}
$server = new Swoole\WebSocket\Server('127.0.0.1', (int) $port, $style === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
$server->set($settings + ['worker_num' => 1, 'log_level' => SWOOLE_LOG_ERROR, 'backlog' => 8192]);
$server->on('request', $answer);
$server->on('message', static fn ($server, $frame) => $server->push($frame->fd, $frame));
$server->start();
