--TEST--
A large body goes out whole, and later changes to the string do not show
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $body = str_repeat('0123456789', 800_000);
            $response->end($body);
            $body[0] = 'X';
        });
        $server->start();
    });
    PHP);
$body = http_request($server->port)['body'];
echo strlen($body), ' ', md5($body) === md5(str_repeat('0123456789', 800_000)) ? 'intact' : 'broken', "\n";
--EXPECT--
8000000 intact
