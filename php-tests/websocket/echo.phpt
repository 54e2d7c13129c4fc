--TEST--
an upgraded response sends back what it receives, until the close frame, after which the connection is closed
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            if (($request->header['upgrade'] ?? '') !== 'websocket') {
                $response->end('plain');
                return;
            }
            $response->header('X-Own', 'yes');
            $response->cookie('a', 'b');
            $response->upgrade() or print("no upgrade\n");
            while ($frame = $response->recv()) {
                $frame instanceof Swoole\WebSocket\Frame && $frame->fd === $response->fd && $frame->finish or print("strange\n");
                $response->push($frame) or print("not sent\n");
            }
            var_dump($frame);
            echo "the handler ends\n";
        });
        $server->start();
    });
    PHP);
$client = new RawWebSocket($server->port);
foreach (['Upgrade', 'Connection', 'Sec-WebSocket-Accept', 'Sec-WebSocket-Protocol', 'Sec-WebSocket-Extensions', 'X-Own', 'Set-Cookie', 'Content-Type'] as $name) {
    echo "$name: ", $client->header($name) ?? 'none', "\n";
}
foreach ([0, 1, 125, 126, 127, 65535, 65536, 1 << 20] as $length) {
    foreach ([1, 2] as $opcode) {
        $data = $opcode === 1 ? str_repeat('x', $length) : ($length ? random_bytes($length) : '');
        $client->send($data, $opcode);
        $client->receive() === [0x80 | $opcode, $data] or print("$length bytes did not come back\n");
    }
}
// two in one packet, one in many
$client->write(RawWebSocket::frame('one') . RawWebSocket::frame('two'));
echo $client->show(), $client->show();
foreach (str_split(RawWebSocket::frame('slowly')) as $byte) {
    $client->write($byte);
    usleep(500);
}
echo $client->show();
// fragments, with a ping between them
$client->send('frag', 1, 0);
$client->send('now?', 9);
$client->send('men', 0, 0);
$client->send('ted', 0);
echo $client->show(), $client->show();
$client->send(pack('n', 1000) . 'bye', 8);
echo $client->show(), $client->show();
$server->waitForOutput('ends');
// behind the request at once, and without a mask, as some clients have it
$client = new RawWebSocket($server->port, early: "\x81\x05early");
echo $client->show();
fclose($client->socket);
echo http_request($server->port)['body'], "\n";
$server->waitForOutput("ends\nstring(0) \"\"\nthe handler ends\n");
echo $server->stop();
?>
--EXPECT--
Upgrade: websocket
Connection: Upgrade
Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
Sec-WebSocket-Protocol: none
Sec-WebSocket-Extensions: none
X-Own: yes
Set-Cookie: a=b
Content-Type: none
text one
text two
text slowly
pong now?
text fragmented
close 1000 bye
end
text early
plain
string(0) ""
the handler ends
string(0) ""
the handler ends
