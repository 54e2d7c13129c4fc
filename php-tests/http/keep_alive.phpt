--TEST--
Requests on one connection, pipelined or not, are answered in order; HEAD has no body
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            if ($request->server['request_uri'] === '/slow') {
                Swoole\Coroutine::sleep(0.02);
            }
            $response->end($request->getMethod() . ' ' . $request->server['request_uri']);
        });
        $server->start();
    });
    PHP);
$socket = connect_to($server->port);
fwrite($socket, request_bytes('/slow') . request_bytes('/fast') . request_bytes('/head', 'HEAD') . request_bytes('/last', 'GET', ['Connection' => 'close']));
foreach ([false, false, true, false] as $head) {
    $response = read_response($socket, $head);
    echo $response['body'], ' ', $response['headers']['content-length'], ' ', $response['headers']['connection'], "\n";
}
var_dump(read_response($socket));
--EXPECT--
GET /slow 9 keep-alive
GET /fast 9 keep-alive
 10 keep-alive
GET /last 9 close
NULL
