--TEST--
Server and Content-Type can be replaced, or set to nothing and left out; close ends the connection
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $response->header('Server', 'mine');
            $response->header('Content-Type', '');
            $response->header('Connection', 'close');
            $response->end('hello');
        });
        $server->start();
    });
    PHP);
$socket = connect_to($server->port);
fwrite($socket, request_bytes());
$headers = read_response($socket)['headers'];
unset($headers['date']);
ksort($headers);
echo json_encode($headers), "\n";
var_dump(read_response($socket));
--EXPECT--
{"connection":"close","content-length":"5","server":"mine"}
NULL
