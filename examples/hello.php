<?php

declare(strict_types=1);

// Hello world over HTTP: php -d extension=... examples/hello.php [port], then curl http://127.0.0.1:9501/

use Swoole\Coroutine\Http\Server;
use Swoole\Http\Request;
use Swoole\Http\Response;

use function Swoole\Coroutine\run;

run(static function () use ($argv): void {
    $server = new Server('127.0.0.1', (int) ($argv[1] ?? 9501));
    $server->handle('/', static function (Request $request, Response $response): void {
        $response->header('Content-Type', 'text/plain');
        $response->end("Hello from {$request->server['request_uri']}\n");
    });
    echo "listening on http://{$server->host}:{$server->port}/\n";
    $server->start();
});
