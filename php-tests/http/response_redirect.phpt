--TEST--
redirect() sends the client elsewhere
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            var_dump($response->redirect('/there'), $response->redirect('/again'));
        });
        $server->handle('/307', static fn($request, $response) => $response->redirect('http://other/x?y=1', 307));
        $server->start();
    });
    PHP);
foreach (['/', '/307'] as $path) {
    $response = http_request($server->port, $path);
    echo $response['status'], ' ', $response['headers']['location'], "\n";
}
echo $server->stop();
--EXPECT--
302 /there
307 http://other/x?y=1
bool(true)
bool(false)
