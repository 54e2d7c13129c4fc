--TEST--
Addresses of requests, with numbers of one, two and three digits
--SKIPIF--
<?php
if (PHP_OS_FAMILY !== 'Linux') {
    exit('skip the whole of 127.0.0.0/8 is this machine on Linux only');
}
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('0.0.0.0', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $response->end($request->server['remote_addr'] . ' ' . $request->server['server_addr']);
        });
        $server->start();
    });
    PHP);
foreach (['127.0.0.1', '127.9.10.19', '127.20.99.100', '127.109.110.199', '127.200.209.250', '127.255.255.254'] as $from) {
    foreach (['127.0.0.1', '127.1.22.234'] as $to) {
        $context = stream_context_create(['socket' => ['bindto' => "$from:0"]]);
        $connection = stream_socket_client("tcp://$to:{$server->port}", $code, $message, 10, STREAM_CLIENT_CONNECT, $context);
        stream_set_timeout($connection, 10);
        fwrite($connection, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        echo explode("\r\n\r\n", stream_get_contents($connection))[1] === "$from $to" ? '' : "$from $to\n";
    }
}
echo 'alike', $server->stop(), "\n";
--EXPECT--
alike
