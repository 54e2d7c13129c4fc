<?php

declare(strict_types=1);

/** Sends every message back, for the Autobahn test suite, in the style that STYLE names: `coroutine`, `base` or `process`. */

use Swoole\Coroutine\Http\Server;
use Swoole\Http\Request;
use Swoole\Http\Response;

$port = (int) getenv('PORT');
$settings = [
    'package_max_length' => 64 << 20,
    'websocket_compression' => getenv('TAKEOVER') ? ['context_takeover' => true] : true,
];
if (getenv('STYLE') !== 'coroutine') {
    $mode = getenv('STYLE') === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS;
    $server = new Swoole\WebSocket\Server('127.0.0.1', $port, $mode);
    // one worker, or one at a time for each connection: messages come back in their order
    $server->set($settings + ['worker_num' => 2, 'log_level' => SWOOLE_LOG_ERROR, 'enable_coroutine' => false]);
    $server->on('message', static function (Swoole\WebSocket\Server $server, Swoole\WebSocket\Frame $frame): void {
        $server->push($frame->fd, $frame->data, $frame->opcode);
    });
    $server->start();
    exit;
}
Swoole\Coroutine\run(static function () use ($port, $settings): void {
    $server = new Server('127.0.0.1', $port);
    $server->set($settings);
    $server->handle('/', static function (Request $request, Response $response): void {
        if (!$response->upgrade()) {
            return;
        }
        while ($frame = $response->recv()) {
            $response->push($frame);
        }
    });
    $server->start();
});
