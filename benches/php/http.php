<?php

declare(strict_types=1);

// Hello world on the port argv[1].

Swoole\Coroutine\run(static function () use ($argv): void {
    $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) $argv[1]);
    $server->handle('/', static function ($request, $response): void {
        $response->end("Hello World\n");
    });
    $server->start();
});
