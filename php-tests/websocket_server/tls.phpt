--TEST--
WebSocket\Server over TLS, in both modes: messages of all sizes, pushes to others, compression, and the end
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/tls_files.php';

$code = <<<'PHP'
    use Swoole\WebSocket\Server;
    $server = new Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'), SWOOLE_SOCK_TCP | SWOOLE_SSL);
    $server->set(['worker_num' => 2, 'log_level' => SWOOLE_LOG_NONE, 'ssl_cert_file' => getenv('FOLDER') . '/cert.pem',
        'ssl_key_file' => getenv('FOLDER') . '/key.pem', 'websocket_compression' => true]);
    $server->on('open', static fn (Server $server, $request) => $server->push($request->fd, "fd $request->fd"));
    $server->on('message', static function (Server $server, $frame): void {
        [$what, $fd] = explode(' ', $frame->data) + [1 => 0];
        match ($what) {
            'to' => $server->push((int) $fd, 'from the other'),
            'many' => array_map(static fn ($n) => $server->push($frame->fd, str_repeat(chr(97 + $n % 26), 65536)), range(0, 99)),
            'end' => $server->disconnect($frame->fd, 4000, 'as you wish'),
            default => $server->push($frame->fd, $frame->data),
        };
    });
    $server->on('request', static fn ($request, $response) => $response->end('plain'));
    $server->start();
    PHP;
$folder = tls_files();
$context = static fn () => stream_context_create(['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]]);
foreach (['1', '2'] as $mode) {
    echo "-- mode $mode\n";
    $server = ServerProcess::start($code, env: ['MODE' => $mode, 'FOLDER' => $folder]);
    $open = static function (string $headers = '') use ($server, $context): RawWebSocket {
        $socket = stream_socket_client("ssl://127.0.0.1:$server->port", $number, $text, 20, STREAM_CLIENT_CONNECT, $context());
        stream_set_timeout($socket, 20);
        return new RawWebSocket($server->port, $headers, socket: $socket);
    };
    $first = $open();
    $second = $open();
    $fd = substr($first->receive()[1], 3);
    $second->receive();
    foreach ([1, 125, 126, 65535, 65536, 1 << 20] as $length) {
        $first->send($sent = str_repeat('x', $length));
        echo $first->receive()[1] === $sent ? "$length " : "not $length ";
    }
    $second->send("to $fd");
    echo "\n", $first->show();
    $first->send('many');
    for ($n = $right = 0; $n < 100; $n++) {
        $right += (int) ($first->receive()[1] === str_repeat(chr(97 + $n % 26), 65536));
    }
    echo "$right of many\n";
    $third = $open("Sec-WebSocket-Extensions: permessage-deflate\r\n");
    $third->message();
    $third->send(str_repeat('squeezed ', 100));
    [$head, $data] = $third->receive();
    echo $head & 0x40 && strlen($data) < 100 ? 'compressed' : 'plain', "\n";
    $first->send('ping', 9);
    echo $first->show();
    $first->send('end');
    echo $first->show(), $first->show();
    $server->stop();
}
?>
--EXPECT--
-- mode 1
1 125 126 65535 65536 1048576 
text from the other
100 of many
compressed
pong ping
close 4000 as you wish
end
-- mode 2
1 125 126 65535 65536 1048576 
text from the other
100 of many
compressed
pong ping
close 4000 as you wish
end
