--TEST--
websocket_compression: noise survives, context is kept where it was asked for, and what inflates too far is refused
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = static fn (string $settings) => ServerProcess::start(<<<PHP
    Swoole\Coroutine\\run(static function (): void {
        \$server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        \$server->set(['package_max_length' => 1 << 20, $settings]);
        \$server->handle('/', static function (\$request, \$response): void {
            \$response->upgrade();
            while (\$frame = \$response->recv()) {
                if (\$frame->data === 'flags?') {
                    \$response->push((string) \$frame->flags);
                } elseif (\$frame->data === 'fragments?') {
                    \$response->push('begun', 1, 0);
                    \$response->push('more', 0, 1);
                } else {
                    \$response->push(\$frame);
                }
            }
            echo json_encode(\$frame), ' ', swoole_last_error(), "\\n";
        });
        \$server->start();
    });
    PHP);
$deflate = static fn (string $data, $context = null) => substr(deflate_add($context ?? deflate_init(ZLIB_ENCODING_RAW), $data, ZLIB_SYNC_FLUSH), 0, -4);
$offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n";

$plain = $server("'websocket_compression' => true");
$client = new RawWebSocket($plain->port);
echo 'not offered: ', $client->header('Sec-WebSocket-Extensions') ?? 'none', "\n";
$client->send('x');
echo $client->show();
$client->send($deflate('x'), 1, 0xc0);
echo $client->show(), $client->show();

$client = new RawWebSocket($plain->port, $offer);
echo 'offered: ', $client->header('Sec-WebSocket-Extensions'), "\n";
foreach ([1, 125, 126, 4096, 16384, 65535, 65536, 500000] as $length) {
    foreach ([random_bytes($length), str_repeat('PHP ', intdiv($length, 4) + 1)] as $data) {
        $client->send($deflate($data), 2, 0xc0);
        $client->message() === $data or print("$length bytes were changed\n");
        $client->send($data, 2);
        [$first, $bytes] = $client->receive();
        $first & 0x40 && inflate_add(inflate_init(ZLIB_ENCODING_RAW), "$bytes\0\0\xff\xff") === $data or print("$length bytes were changed\n");
    }
}
$client->send($deflate('flags?'), 1, 0xc0);
echo 'flags of a compressed message: ', $client->message(), "\n";
$client->send('flags?');
echo 'flags of a plain one: ', $client->message(), "\n";
$client->send('fragments?');
echo $client->show(), $client->show();
$client->send(substr($deflate('in two pieces'), 0, 5), 1, 0x40);
$client->send(substr($deflate('in two pieces'), 5), 0);
echo $client->message(), "\n";
$client->send('', 1, 0xc0);
echo json_encode($client->message()), "\n";
$client->send($deflate(str_repeat("\0", 16 << 20)), 2, 0xc0);
echo $client->show(), $client->show();

$client = new RawWebSocket($plain->port, $offer);
$client->send("\xff\xff\xff", 2, 0xc0);
echo $client->show(), $client->show();
$client = new RawWebSocket($plain->port, $offer);
$client->send($deflate("\xc3\x28"), 1, 0xc0);
echo $client->show(), $client->show();
$client = new RawWebSocket($plain->port, "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=10\r\n");
echo 'smaller window: ', $client->header('Sec-WebSocket-Extensions'), "\n";
$plain->waitForOutput("508\n[^$]*508\n");
echo preg_replace('/^\[.*WARNING\s*/m', '', $plain->stop());

echo "-- with context\n";
$keeping = $server("'websocket_compression' => ['context_takeover' => true]");
$client = new RawWebSocket($keeping->port, $offer);
echo $client->header('Sec-WebSocket-Extensions'), "\n";
[$out, $in] = [deflate_init(ZLIB_ENCODING_RAW), inflate_init(ZLIB_ENCODING_RAW)];
$data = bin2hex(random_bytes(500));
for ($n = 0; $n < 3; $n++) {
    $client->send($sent = $deflate($data, $out), 1, 0xc0);
    [, $bytes] = $client->receive();
    echo strlen($sent) < 100 ? 'short' : 'long', ' ', strlen($bytes) < 100 ? 'short' : 'long', ' ';
    echo inflate_add($in, "$bytes\0\0\xff\xff", ZLIB_SYNC_FLUSH) === $data ? 'same' : 'changed', "\n";
}
$client = new RawWebSocket($keeping->port, "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n");
echo $client->header('Sec-WebSocket-Extensions'), "\n";
$keeping->stop();
?>
--EXPECT--
not offered: none
text x
close 1002 a frame is marked as compressed that must not be
end
offered: permessage-deflate; client_no_context_takeover; server_no_context_takeover
flags of a compressed message: 39
flags of a plain one: 33
text begun begun
more more
in two pieces
""
close 1009 the message is too big
end
close 1007 a message cannot be inflated
end
close 1007 text is not UTF-8
end
smaller window: permessage-deflate; client_no_context_takeover; server_no_context_takeover; server_max_window_bits=10
websocket::recv_frame(): a frame is marked as compressed that must not be
false 508
websocket::recv_frame() (ERRNO 1201): packet length is too big
false 1201
websocket::recv_frame(): a message cannot be inflated
false 508
websocket::recv_frame(): text is not UTF-8
false 508
-- with context
permessage-deflate
long long same
short short same
short short same
permessage-deflate; server_no_context_takeover
