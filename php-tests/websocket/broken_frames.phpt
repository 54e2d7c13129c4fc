--TEST--
frames that the protocol does not allow end the connection with their code; recv() returns false
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    swoole_async_set(['log_level' => SWOOLE_LOG_NONE]);
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->set(['package_max_length' => 1000]);
        $server->handle('/', static function ($request, $response): void {
            $response->upgrade();
            while ($frame = $response->recv()) {
                $response->push(strlen($frame->data) . ' bytes');
            }
            echo $request->get['name'], ': ', json_encode($frame), ' ', swoole_last_error(), ', ', json_encode($response->recv()), ' ', swoole_last_error(), "\n";
        });
        $server->start();
    });
    PHP);
$frame = RawWebSocket::frame(...);
$long = chr(0x82) . "\xff" . pack('J', 1 << 40) . 'mask';
foreach ([
    'reserved bit' => $frame('x', 1, 0xa0),
    'compressed without agreement' => $frame('x', 1, 0xc0),
    'unknown data opcode' => $frame('x', 3),
    'unknown control opcode' => $frame('x', 11),
    'continuation of nothing' => $frame('x', 0),
    'message inside of another' => $frame('x', 1, 0) . $frame('y', 1),
    'ping in fragments' => $frame('x', 9, 0),
    'long ping' => $frame(str_repeat('x', 126), 9),
    'longest ping' => $frame(str_repeat('x', 125), 9) . $frame('', 8),
    'half a close code' => $frame('x', 8),
    'close code 1005' => $frame(pack('n', 1005), 8),
    'close code 999' => $frame(pack('n', 999), 8),
    'close reason not UTF-8' => $frame(pack('n', 1000) . "\xff", 8),
    'close code 4999' => $frame(pack('n', 4999), 8),
    'text not UTF-8' => $frame("\xc0\xaf"),
    'text with half a letter' => $frame("\xe2\x82"),
    'fragment not UTF-8, no end' => $frame("\xe2\x28", 1, 0),
    'letter in two fragments' => $frame("\xe2\x82", 1, 0) . $frame("\xac", 0) . $frame('', 8),
    'bytes not UTF-8' => $frame("\xff", 2) . $frame('', 8),
    'longest message' => $frame(str_repeat('x', 1000)) . $frame('', 8),
    'too long message' => $frame(str_repeat('x', 1001)),
    'too long in fragments' => $frame(str_repeat('x', 600), 1, 0) . $frame(str_repeat('x', 401), 0),
    'a tebibyte is announced' => $long,
    'an impossible length' => chr(0x82) . "\xff" . pack('J', PHP_INT_MIN) . 'mask',
] as $name => $bytes) {
    $client = new RawWebSocket($server->port, path: '/?name=' . urlencode($name));
    $client->write($bytes);
    echo "$name: ";
    while (($shown = $client->show()) !== "end\n") {
        echo strtr(substr($shown, 0, 60), "\n", ','), ' ';
    }
    echo "end\n";
    $server->waitForOutput("$name:");
}
echo "--\n", $server->stop();
?>
--EXPECT--
reserved bit: close 1002 reserved bits are set, end
compressed without agreement: close 1002 a frame is marked as compressed that must not be, end
unknown data opcode: close 1002 unknown opcode, end
unknown control opcode: close 1002 unknown opcode, end
continuation of nothing: close 1002 a continuation of nothing, end
message inside of another: close 1002 a message begins inside of another one, end
ping in fragments: close 1002 a control frame is too long, compressed or in fra end
long ping: close 1002 a control frame is too long, compressed or in fra end
longest ping: pong xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx close, end
half a close code: close 1002 a close frame with half a code, end
close code 1005: close 1002 a close frame with a code that must not be sent, end
close code 999: close 1002 a close frame with a code that must not be sent, end
close reason not UTF-8: close 1007 text is not UTF-8, end
close code 4999: close 4999, end
text not UTF-8: close 1007 text is not UTF-8, end
text with half a letter: close 1007 text is not UTF-8, end
fragment not UTF-8, no end: close 1007 text is not UTF-8, end
letter in two fragments: text 3 bytes, close, end
bytes not UTF-8: text 1 bytes, close, end
longest message: text 1000 bytes, close, end
too long message: close 1009 the message is too big, end
too long in fragments: close 1009 the message is too big, end
a tebibyte is announced: close 1009 the message is too big, end
an impossible length: end
--
reserved bit: false 508, false 9
compressed without agreement: false 508, false 9
unknown data opcode: false 508, false 9
unknown control opcode: false 508, false 9
continuation of nothing: false 508, false 9
message inside of another: false 508, false 9
ping in fragments: false 508, false 9
long ping: false 508, false 9
longest ping: "" 0, false 9
half a close code: false 508, false 9
close code 1005: false 508, false 9
close code 999: false 508, false 9
close reason not UTF-8: false 508, false 9
close code 4999: "" 0, false 9
text not UTF-8: false 508, false 9
text with half a letter: false 508, false 9
fragment not UTF-8, no end: false 508, false 9
letter in two fragments: "" 0, false 9
bytes not UTF-8: "" 0, false 9
longest message: "" 0, false 9
too long message: false 1201, false 9
too long in fragments: false 1201, false 9
a tebibyte is announced: false 1201, false 9
an impossible length: false 508, false 9
