--TEST--
Coroutine\Http\Client: settings of a WebSocket count from when they are set, also after the handshake
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

Co\run(function () {
    $server = new Swoole\Coroutine\Http\Server('127.0.0.1', 0);
    $server->handle('/', function ($request, $response) {
        $response->upgrade();
        while ($frame = $response->recv()) {
            $response->push("got $frame->data");
        }
    });
    go(fn () => $server->start());
    $client = new Swoole\Coroutine\Http\Client('127.0.0.1', $server->port);
    $client->upgrade('/');
    foreach ([false, true, false] as $deliver) {
        $client->set(['open_websocket_pong_frame' => $deliver]);
        $client->push('ping', SWOOLE_WEBSOCKET_OPCODE_PING);
        $client->push('text');
        foreach ($deliver ? [1, 2] : [1] as $_) {
            $frame = $client->recv(10);
            echo "$frame->opcode $frame->data\n";
        }
    }
    $client->close();
    $server->shutdown();
});
?>
--EXPECT--
1 got text
10 ping
1 got text
1 got text
