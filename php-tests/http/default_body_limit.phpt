--TEST--
Without package_max_length a body may have 2 MiB
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static fn($request, $response) => $response->end((string) strlen($request->rawContent())));
        $server->start();
    });
    PHP);
echo http_request($server->port, '/', 'POST', [], str_repeat('x', 2 << 20))['body'], "\n";
echo http_request($server->port, '/', 'POST', [], str_repeat('x', (2 << 20) + 1))['status'], "\n";
--EXPECT--
2097152
413
