--TEST--
Requirement 13: keep-alive reuses the connection; close ends it
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $n = 0;
        $server->handle('/', static function ($request, $response) use (&$n): void {
            $n++;
            $response->end("request $n from port {$request->server['remote_port']}");
        });
        $server->start();
    });
    PHP);
$socket = connect_to($server->port);
$port = substr(strrchr(stream_socket_get_name($socket, false), ':'), 1);
for ($i = 0; $i < 3; $i++) {
    fwrite($socket, request_bytes('/', 'GET', ['Connection' => $i < 2 ? 'keep-alive' : 'close']));
    $response = read_response($socket);
    echo str_replace($port, 'N', $response['body']), ', connection: ', $response['headers']['connection'] ?? 'not said', "\n";
}
var_dump(fgets($socket), feof($socket));
--EXPECT--
request 1 from port N, connection: keep-alive
request 2 from port N, connection: keep-alive
request 3 from port N, connection: close
bool(false)
bool(true)
