--TEST--
A chunked body arrives whole
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static fn($request, $response) => $response->end(json_encode([$request->rawContent(), $request->post])));
        $server->start();
    });
    PHP);
$socket = connect_to($server->port);
fwrite($socket, "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n");
foreach (["5\r\na=1&b", "\r\n2\r", "\n=2\r\n0\r\n", "\r\n"] as $part) {
    fwrite($socket, $part);
    usleep(10000);
}
echo read_response($socket)['body'], "\n";
--EXPECT--
["a=1&b=2",{"a":"1","b":"2"}]
