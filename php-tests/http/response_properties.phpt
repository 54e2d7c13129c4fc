--TEST--
Headers and cookies may be written into the properties
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $response->header = ['A' => 'b', 5 => 'six'];
            $response->cookie = ['z=1', 7];
            $response->end();
        });
        $server->handle('/init', static function ($request, $response): void {
            var_dump($response->initHeader());
            echo json_encode([$response->header, $response->cookie, $response->trailer]), "\n";
            $response->end();
        });
        $server->start();
    });
    PHP);
$headers = http_request($server->port)['headers'];
echo $headers['a'], ' ', $headers['5'], ' ', $headers['set-cookie'], "\n";
http_request($server->port, '/init');
echo $server->stop();
--EXPECT--
b six z=1
bool(true)
[[],[],[]]
