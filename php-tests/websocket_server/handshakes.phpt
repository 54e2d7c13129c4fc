--TEST--
WebSocket\Server: handshakes by PHP code, beforeHandshakeResponse, sub-protocol, compression, refusals, and requests without a callback
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$code = <<<'PHP'
    use Swoole\WebSocket\Server;
    $server = new Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'));
    $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_ERROR, 'websocket_subprotocol' => 'chat', 'websocket_compression' => true,
        'open_websocket_close_frame' => true]);
    if (getenv('OWN')) {
        $server->on('handshake', static function ($request, $response) use ($server): bool {
            if ($request->server['request_uri'] === '/no') {
                $response->status(403);
                $response->end();
                return false;
            }
            $response->header('Upgrade', 'websocket');
            $response->header('Connection', 'Upgrade');
            $response->header('Sec-WebSocket-Accept', base64_encode(sha1($request->header['sec-websocket-key'] . '258EAFA5-E914-47DA-95CA-C5AB0DC85B11', true)));
            $response->header('Sec-WebSocket-Version', '13');
            $response->status(101);
            $response->end();
            $server->push($request->fd, 'by hand');
            return true;
        });
    } else {
        $server->on('beforeHandshakeResponse', static function (Server $server, $request, $response): void {
            $response->header('X-Before', $request->server['request_uri']);
            $response->cookie('seen', 'yes');
        });
    }
    $server->on('open', static function (Server $server, $request): void {
        echo "open\n";
    });
    $server->on('message', static function (Server $server, $frame): void {
        if ($frame instanceof Swoole\WebSocket\CloseFrame) {
            echo "message: close $frame->code $frame->reason\n";
            return;
        }
        $server->push($frame->fd, $frame->data);
    });
    $server->start();
    PHP;
foreach (['1', '2'] as $mode) {
    echo "-- mode $mode\n";
    $server = ServerProcess::start($code, env: ['MODE' => $mode, 'OWN' => '']);
    $client = new RawWebSocket($server->port, "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Extensions: permessage-deflate\r\n", '/path');
    foreach (['X-Before', 'Set-Cookie', 'Sec-WebSocket-Protocol', 'Sec-WebSocket-Extensions'] as $name) {
        echo "$name: ", $client->header($name), "\n";
    }
    $client->send('squeezed squeezed squeezed');
    [$first, $data] = $client->receive();
    echo $first & 0x40 ? 'compressed' : 'plain', ' ', strlen($data) < 26 ? 'shorter' : 'longer', "\n";
    $client->send(pack('n', 1000) . 'bye', 8);
    echo substr_count($client->show() . $client->show(), 'close 1000'), "\n";
    echo preg_match('/^HTTP\S+ 400/', raw_request($server->port, "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n")), "\n";
    echo preg_match('/^HTTP\S+ 400.*HTTP 400 Bad Request/s', raw_request($server->port, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")), "\n";
    $server->waitForOutput('close 1000');
    echo $server->stop();

    $server = ServerProcess::start($code, env: ['MODE' => $mode, 'OWN' => '1']);
    $client = new RawWebSocket($server->port, "Sec-WebSocket-Extensions: permessage-deflate\r\n");
    echo $client->header('Sec-WebSocket-Extensions'), "\n", $client->message(), "\n";
    $client->send('and on');
    echo $client->message(), "\n";
    $client = new RawWebSocket($server->port, path: '/no');
    echo strtok($client->head, "\r"), ', ', $client->show();
    echo $server->stop();
}
?>
--EXPECT--
-- mode 1
X-Before: /path
Set-Cookie: seen=yes
Sec-WebSocket-Protocol: chat
Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover; server_no_context_takeover
compressed shorter
1
1
1
open
message: close 1000 bye
permessage-deflate; client_no_context_takeover; server_no_context_takeover
by hand
and on
HTTP/1.1 403 Forbidden, end
-- mode 2
X-Before: /path
Set-Cookie: seen=yes
Sec-WebSocket-Protocol: chat
Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover; server_no_context_takeover
compressed shorter
1
1
1
open
message: close 1000 bye
permessage-deflate; client_no_context_takeover; server_no_context_takeover
by hand
and on
HTTP/1.1 403 Forbidden, end
