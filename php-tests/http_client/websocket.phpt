--TEST--
Http\Client: WebSocket: messages, pings, compression, close frames, what is no handshake
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/canned.inc';

use Swoole\Coroutine\Http\{Client, Server};

Co\run(function (): void {
    $server = new Server('127.0.0.1', 0);
    $server->set(['websocket_compression' => true, 'open_websocket_close_frame' => true]);
    $server->handle('/', function ($request, $response): void {
        $response->upgrade();
        while (($frame = $response->recv()) && $frame->opcode !== SWOOLE_WEBSOCKET_OPCODE_CLOSE) {
            if ($frame->data === 'bye') {
                $response->push(new Swoole\WebSocket\CloseFrame());
                break;
            }
            $response->ping('are you there');
            $response->push("got $frame->opcode: $frame->data", $frame->opcode);
        }
        if ($frame && $frame->opcode === SWOOLE_WEBSOCKET_OPCODE_CLOSE) {
            echo "server: closed with $frame->code '$frame->reason'\n";
        }
    });
    go(fn () => $server->start());
    foreach ([false, true] as $compression) {
        $client = new Client('127.0.0.1', $server->port);
        $client->set(['timeout' => 5, 'websocket_compression' => $compression]);
        var_dump($client->upgrade('/'), $client->statusCode, $client->connected);
        var_dump($client->push('hello'), $client->push('bytes', SWOOLE_WEBSOCKET_OPCODE_BINARY), $client->ping('x'));
        foreach ([1, 2] as $_) {
            $frame = $client->recv();
            echo get_class($frame), " $frame->opcode $frame->data ", json_encode($frame->finish), "\n";
        }
        $long = str_repeat('long ', 50_000);
        $client->push($long);
        var_dump($client->recv()->data === "got 1: $long");
        var_dump($client->recv(0.01), $client->errCode, $client->connected);
        if ($compression) {
            var_dump($client->disconnect(1000, 'enough'), $client->connected);
        } else {
            var_dump($client->push('bye'), $client->recv(), $client->connected, $client->recv(), $client->errCode);
        }
    }
    $client = new Client('127.0.0.1', $server->port);
    $client->set(['timeout' => 5, 'open_websocket_close_frame' => true, 'open_websocket_ping_frame' => true]);
    $client->upgrade('/');
    $client->push('hello');
    echo $client->recv()->data, ' ', $client->recv()->data, "\n";
    $client->push('bye');
    $frame = $client->recv();
    echo get_class($frame), " $frame->code\n";
    var_dump($client->socket->close(), $client->recv(), $client->errCode, $client->push('x'));
    $server->shutdown();

    $liar = Canned::replies(['' => "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n",
        'no' => "HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno"]);
    $client = $liar->client();
    echo outcome($client, $client->upgrade('/')), "\n";
    echo outcome($client, $client->upgrade('/no')), "\n";
    var_dump(@$client->push('x'), $client->errMsg, $client->statusCode, $client->ping(), $client->disconnect());
    $liar->close();
});
?>
--EXPECT--
bool(true)
int(101)
bool(true)
bool(true)
bool(true)
bool(true)
Swoole\WebSocket\Frame 1 got 1: hello true
Swoole\WebSocket\Frame 2 got 2: bytes true
bool(true)
bool(false)
int(110)
bool(true)
bool(true)
string(0) ""
bool(false)
bool(false)
int(5001)
bool(true)
int(101)
bool(true)
bool(true)
bool(true)
bool(true)
Swoole\WebSocket\Frame 1 got 1: hello true
Swoole\WebSocket\Frame 2 got 2: bytes true
bool(true)
bool(false)
int(110)
bool(true)
bool(true)
bool(false)
server: closed with 1000 'enough'
are you there got 1: hello
Swoole\WebSocket\CloseFrame 1000
bool(true)
bool(false)
int(5001)
bool(false)
false -3 8504 "Websocket handshake failed" ""
true 400 0 "" "no"
bool(false)
string(44) "websocket handshake failed, cannot push data"
int(-1)
bool(false)
bool(false)
