--TEST--
A request whose rest never comes reaches no handler, and the next one is served
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            echo $request->getMethod(), "\n";
            $response->end('served');
        });
        $server->start();
    });
    PHP);
foreach (["GET / HT", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"] as $bytes) {
    $socket = connect_to($server->port);
    fwrite($socket, $bytes);
    usleep(20_000);
    fclose($socket);
}
echo http_request($server->port)['body'], "\n", $server->stop();
--EXPECT--
served
GET
