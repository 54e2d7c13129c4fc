--TEST--
$request->server, in Swoole's order
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static fn($request, $response) => $response->end(json_encode($request->server)));
        $server->start();
    });
    PHP);
$data = json_decode(http_request($server->port, '/a%20b/c+d?x=1&y=%41', 'DELETE')['body'], true);
var_dump(abs(microtime(true) - $data['request_time_float']) < 5, $data['request_time'] === (int) $data['request_time_float']);
var_dump($data['remote_port'] > 0, $data['server_port'] === $server->port);
foreach ($data as $key => $value) {
    echo $key, ' ', preg_match('/time|port/', $key) ? '...' : $value, "\n";
}
echo implode(' ', array_keys(json_decode(http_request($server->port)['body'], true))), "\n";
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(true)
query_string x=1&y=%41
request_method DELETE
request_uri /a%20b/c+d
path_info /a b/c d
request_time ...
request_time_float ...
server_protocol HTTP/1.1
remote_addr 127.0.0.1
remote_port ...
server_addr 127.0.0.1
server_port ...
request_method request_uri path_info request_time request_time_float server_protocol remote_addr remote_port server_addr server_port
