--TEST--
requests that are no opening handshake are refused with 400, other versions with 426
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->set(['websocket_subprotocol' => 'chat']);
        $server->handle('/', static function ($request, $response): void {
            $done = $response->upgrade();
            echo json_encode([$done, $response->isWritable(), $done || $response->push('x')]), "\n";
        });
        $server->start();
    });
    PHP);
$good = [
    'Host' => 'x',
    'Connection' => 'keep-alive, Upgrade',
    'Upgrade' => 'WebSocket',
    'Sec-WebSocket-Version' => '13',
    'Sec-WebSocket-Key' => RawWebSocket::KEY,
];
$ask = static function (string $name, array $headers, string $line = 'GET / HTTP/1.1') use ($server): void {
    $lines = array_map(static fn ($name, $value) => "$name: $value\r\n", array_keys($headers), $headers);
    $socket = connect_to($server->port);
    fwrite($socket, "$line\r\n" . implode($lines) . "\r\n");
    $head = '';
    while (($got = fgets($socket)) !== false && $got !== "\r\n") {
        $head .= $got;
    }
    preg_match('/^HTTP\S+ (\d+)/', $head, $status);
    $version = preg_match('/^Sec-WebSocket-Version: (.*)\r$/im', $head, $match) ? ", version $match[1]" : '';
    $protocol = preg_match('/^Sec-Websocket-Protocol: (.*)\r$/im', $head, $match) ? ", protocol $match[1]" : '';
    echo "$name: $status[1]$version$protocol\n";
};
$ask('good', $good);
$ask('protocol offered', ['Sec-WebSocket-Protocol' => 'superchat, chat'] + $good);
$ask('other protocol', ['Sec-WebSocket-Protocol' => 'superchat'] + $good);
$ask('plain', ['Host' => 'x']);
$ask('not to WebSocket', ['Upgrade' => 'h2c'] + $good);
$ask('not an upgrade', ['Connection' => 'keep-alive'] + $good);
$ask('no key', array_diff_key($good, ['Sec-WebSocket-Key' => '']));
$ask('half a key', ['Sec-WebSocket-Key' => 'dGhl'] + $good);
$ask('old version', ['Sec-WebSocket-Version' => '8'] + $good);
$ask('POST', ['Content-Length' => '0'] + $good, 'POST / HTTP/1.1');
$ask('HTTP/1.0', $good, 'GET / HTTP/1.0');
echo preg_replace('/\n\nWarning: .* is not a websocket conncetion in .*\n/', "\n", $server->stop());
?>
--EXPECT--
good: 101, version 13
protocol offered: 101, version 13, protocol chat
other protocol: 101, version 13
plain: 400
not to WebSocket: 400
not an upgrade: 400
no key: 400
half a key: 400
old version: 426, version 13
POST: 400
HTTP/1.0: 400
[true,false,true]
[true,false,true]
[true,false,true]
[false,false,false]
[false,false,false]
[false,false,false]
[false,false,false]
[false,false,false]
[false,false,false]
[false,false,false]
[false,false,false]
