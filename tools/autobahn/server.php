<?php

declare(strict_types=1);

/** Sends every message back, for the Autobahn test suite: one path for each agreement on compression. */

use Swoole\Coroutine\Http\Server;
use Swoole\Http\Request;
use Swoole\Http\Response;

Swoole\Coroutine\run(static function (): void {
    $server = new Server('127.0.0.1', (int) getenv('PORT'));
    $server->set([
        'package_max_length' => 64 << 20,
        'websocket_compression' => getenv('TAKEOVER') ? ['context_takeover' => true] : true,
    ]);
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
