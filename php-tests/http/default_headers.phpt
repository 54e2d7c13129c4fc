--TEST--
What goes out without being asked for
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static fn($request, $response) => $response->end('hello'));
        $server->start();
    });
    PHP);
$lines = explode("\r\n", raw_request($server->port, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
$lines = preg_replace('/^Date: .{3}, \d\d .{3} \d{4} \d\d:\d\d:\d\d GMT$/', 'Date: (now)', $lines);
sort($lines);
echo implode("\n", $lines), "\n";
--EXPECT--
Connection: close
Content-Length: 5
Content-Type: text/html
Date: (now)
HTTP/1.1 200 OK
Server: swoole-http-server
hello
