--TEST--
header() spells names Like-This, or as they were given
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $response->header('x-raw-NAME', '1', false);
            $response->header('x-good-NAME', '2');
            $response->header('x-list', ['3', '4'], false);
            $response->header('content-TYPE', 'a/b', false);
            $response->end();
        });
        $server->start();
    });
    PHP);
$reply = raw_request($server->port, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
echo implode("\n", preg_grep('/^(x-|content-t)/i', explode("\r\n", $reply))), "\n";
--EXPECT--
x-raw-NAME: 1
X-Good-Name: 2
x-list: 3
x-list: 4
content-TYPE: a/b
