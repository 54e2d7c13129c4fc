--TEST--
WebSockets over HTTP/2 (RFC 8441): each is a stream of its own, beside requests and other streams of its connection
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/RawHttp2.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine::set(['log_level' => SWOOLE_LOG_NONE]);
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/chat', static function ($request, $response): void {
            $said = $request->server['request_method'] . ' ' . $request->server['server_protocol'] . ' ' . $request->header['upgrade'];
            echo $said, ' ', var_export($response->upgrade(), true), "\n";
            while (($frame = $response->recv(-1)) instanceof Swoole\WebSocket\Frame) {
                $response->push("$frame->data!");
                if ($frame->data === 'bye') {
                    $response->close();
                    break;
                }
            }
            echo 'end ', var_export($frame instanceof Swoole\WebSocket\Frame ? $frame->data : $frame, true), "\n";
        });
        $server->handle('/large', static function ($request, $response): void {
            $response->upgrade();
            $response->push(str_repeat('x', 100_000));
            $response->push('behind it');
            $response->recv(-1);
        });
        $server->handle('/no', static fn ($request, $response) => $response->end('no'));
        $server->handle('/plain', static function ($request, $response): void {
            var_dump($response->upgrade());
        });
        $server->start();
    });
    PHP);

$client = new RawHttp2($server->port);
echo 'SETTINGS_ENABLE_CONNECT_PROTOCOL ', $client->settings[8] ?? 'missing', "\n";
echo "two of them and a request\n";
$client->connect(1, '/chat');
echo $client->next(1), "\n";
$client->connect(3, '/chat');
echo $client->next(3), "\n";
$client->send(0, 0, 1, masked('one'));
echo $client->next(1), "\n";
$client->send(0, 0, 3, masked('two'));
echo $client->next(3), "\n";
$client->request(5, [':method' => 'GET', ':scheme' => 'http', ':path' => '/no', ':authority' => 'test'], true);
echo $client->next(5), "\n", $client->next(5), "\n";
echo "in pieces\n";
foreach (str_split(masked('three')) as $byte) {
    $client->send(0, 0, 1, $byte);
}
echo $client->next(1), "\n";
echo "a client that closes\n";
$client->send(0, 0, 1, masked("\x03\xe8", 0x88));
$client->next(1);
echo bin2hex($client->last), "\n", $client->next(1), "\n";
$client->send(0, 1, 1, '');
$server->waitForOutput("end ''\n", 30);
echo "a server that closes\n";
$client->send(0, 0, 3, masked('bye'));
echo $client->next(3), "\n", $client->next(3), "\n";
$client->send(0, 1, 3, '');
echo "a client that resets\n";
$client->connect(7, '/chat');
echo $client->next(7), "\n";
$client->send(3, 0, 7, pack('N', 8));
$server->waitForOutput("end false\n", 30);
echo "more than the client wants at once\n";
$client->connect(9, '/large');
echo $client->next(9), "\n";
// what the connection may carry, and a stream, as long as nobody says otherwise; the connection has carried some of it
while ($client->bytes < 65_535) {
    $client->next(9);
}
echo $client->bytes, "\n";
$client->send(8, 0, 0, pack('N', 100_000));
$client->send(8, 0, 9, pack('N', 100_000));
do {
    $client->next(9);
} while (!str_ends_with($client->last, 'behind it'));
$client->send(3, 0, 9, pack('N', 8));
echo "what is none\n";
$client->connect(11, '/no');
echo $client->next(11), "\n", $client->next(11), "\n";
$client->connect(13, '/chat', 'connect-udp');
echo $client->next(13), "\n";
$client->connect(15, '/plain', more: ['sec-websocket-version' => '12']);
echo $client->next(15), "\n";
echo $server->stop();
?>
--EXPECT--
SETTINGS_ENABLE_CONNECT_PROTOCOL 1
two of them and a request
1: status 200
3: status 200
1: data 8104 one!
3: data 8104 two!
5: status 200
5: data 6e6f , end
in pieces
1: data 8106 three!
a client that closes
880203e8
1: data , end
a server that closes
3: data 8104 bye!
3: data , end
a client that resets
7: status 200
more than the client wants at once
9: status 200
65535
what is none
11: status 403
11: data 6e6f , end
13: status 501, end
15: status 426, end
GET HTTP/2 websocket true
GET HTTP/2 websocket true
end ''
end 'bye'
GET HTTP/2 websocket true
end false
bool(false)
