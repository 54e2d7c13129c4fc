--TEST--
status() with and without words
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $args = explode(',', $request->get['a']);
            $response->status((int) $args[0], ...array_slice($args, 1));
            $response->end('x');
        });
        $server->start();
    });
    PHP);
foreach (['200', '404', '404,Nope', '299', '418', '0', '204', '304'] as $args) {
    $response = http_request($server->port, "/?a=$args");
    echo $args, ' -> ', $response['status'], ' ', $response['reason'], ' [', $response['body'], "]\n";
}
--EXPECT--
200 -> 200 OK [x]
404 -> 404 Not Found [x]
404,Nope -> 404 Nope [x]
299 -> 299 Unknown Status [x]
418 -> 418 I'm a teapot [x]
0 -> 200 OK [x]
204 -> 204 No Content []
304 -> 304 Not Modified []
