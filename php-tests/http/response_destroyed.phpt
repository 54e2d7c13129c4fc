--TEST--
A response that is dropped ends by itself: 500, the status that was set, or the end of what was written
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
        });
        $server->handle('/status', static function ($request, $response): void {
            $response->header('X-Kept', 'yes');
            $response->status(201);
        });
        $server->handle('/write', static function ($request, $response): void {
            $response->write('part');
        });
        $server->handle('/kept', static function ($request, $response): void {
            go(static function () use ($response): void {
                Swoole\Coroutine::sleep(0.02);
                $response->end('later');
            });
        });
        $server->start();
    });
    PHP);
foreach (['/', '/status', '/write', '/kept'] as $path) {
    $response = http_request($server->port, $path);
    echo $response['status'], ' [', $response['body'], '] ', $response['headers']['x-kept'] ?? '', "\n";
}
--EXPECT--
500 [] 
201 [] yes
200 [part] 
200 [later]
