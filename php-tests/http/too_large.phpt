--TEST--
Heads that are too large get 431 or 414, bodies beyond package_max_length 413, at once
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->set(['package_max_length' => 10_000]);
        $server->handle('/', static fn($request, $response) => $response->end((string) strlen($request->rawContent())));
        $server->start();
    });
    PHP);
$status = static fn(string $bytes): string => substr(raw_request($server->port, $bytes), 9, 3);
echo 'long header ', $status("GET / HTTP/1.1\r\nHost: x\r\nX: " . str_repeat('x', 70_000) . "\r\n\r\n"), "\n";
echo 'many headers ', $status("GET / HTTP/1.1\r\nHost: x\r\n" . str_repeat("X: x\r\n", 101) . "\r\n"), "\n";
echo 'declared body ', $status("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10001\r\n\r\n"), "\n";
$chunk = dechex(5000) . "\r\n" . str_repeat('x', 5000) . "\r\n";
echo 'chunked body ', $status("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n$chunk$chunk$chunk"), "\n";
echo 'fitting ', http_request($server->port, '/', 'POST', [], str_repeat('x', 10_000))['body'], "\n";
--EXPECT--
long header 431
many headers 431
declared body 413
chunked body 413
fitting 10000
