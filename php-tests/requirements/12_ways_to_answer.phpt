--TEST--
Requirement 12: end(), or write() and then end(), with status and headers
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/end', static function ($request, $response): void {
            $response->status(201);
            $response->header('X-Made', 'with end');
            $response->end('whole');
        });
        $server->handle('/write', static function ($request, $response): void {
            $response->status(202);
            $response->header('X-Made', 'with write');
            foreach (['one ', 'two ', 'three'] as $part) {
                $response->write($part);
                Swoole\Coroutine::sleep(0.002);
            }
            $response->end();
        });
        $server->start();
    });
    PHP);
foreach (['/end', '/write'] as $path) {
    $response = http_request($server->port, $path);
    echo $response['status'], ' ', $response['headers']['x-made'], ' ', $response['headers']['transfer-encoding'] ?? 'plain', "\n";
    echo $response['body'], "\n";
}
--EXPECT--
201 with end plain
whole
202 with write chunked
one two three
