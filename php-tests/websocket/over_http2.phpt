--TEST--
WebSockets over HTTP/2 (RFC 8441): each is a stream of its own, beside requests and other streams of its connection
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

/** A client that speaks as much HTTP/2 as this needs. */
final class RawHttp2
{
    private const HEADERS = 1;
    private const RESET = 3;
    private const SETTINGS = 4;
    /** As Huffman's code of RFC 7541 writes them. */
    private const STATUS = ['88' => 200, '4883684e' => 426, '48826c01' => 501];

    private $socket;
    /** @var array<int, int> */
    public array $settings = [];
    /** Bytes of data that have come. */
    public int $bytes = 0;
    /** What the last of them was. */
    public string $last = '';

    public function __construct(int $port)
    {
        $this->socket = stream_socket_client("tcp://127.0.0.1:$port", $code, $text, 30);
        stream_set_timeout($this->socket, 60);
        fwrite($this->socket, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        $this->send(self::SETTINGS, 0, 0, '');
        [, , , $settings] = $this->frame();
        for ($at = 0; $at < strlen($settings); $at += 6) {
            ['id' => $id, 'value' => $value] = unpack('nid/Nvalue', $settings, $at);
            $this->settings[$id] = $value;
        }
        $this->send(self::SETTINGS, 1, 0, '');
    }

    public function send(int $kind, int $flags, int $stream, string $payload): void
    {
        fwrite($this->socket, substr(pack('N', strlen($payload)), 1) . chr($kind) . chr($flags) . pack('N', $stream) . $payload);
    }

    /** A request with these lines, none of which are in a table. */
    public function request(int $stream, array $lines, bool $ends = false): void
    {
        $block = '';
        foreach ($lines as $name => $value) {
            $block .= "\0" . chr(strlen($name)) . $name . chr(strlen($value)) . $value;
        }
        $this->send(self::HEADERS, $ends ? 5 : 4, $stream, $block);
    }

    public function connect(int $stream, string $path, string $protocol = 'websocket', array $more = []): void
    {
        $lines = [':method' => 'CONNECT', ':protocol' => $protocol, ':scheme' => 'http', ':path' => $path, ':authority' => 'test'];
        $this->request($stream, [...$lines, 'sec-websocket-version' => '13', ...$more]);
    }

    /** The next frame: kind, flags, stream, payload. */
    private function frame(): array
    {
        $head = $this->read(9);
        $payload = $this->read(unpack('N', "\0" . $head)[1]);
        return [ord($head[3]), ord($head[4]), unpack('N', $head, 5)[1], $payload];
    }

    private function read(int $length): string
    {
        for ($got = ''; strlen($got) < $length; $got .= $part) {
            $part = fread($this->socket, $length - strlen($got));
            $part === '' || $part === false ? exit("the connection ended\n") : null;
        }
        return $got;
    }

    /** The next frame of this stream: what it is, in words. */
    public function next(int $wanted): string
    {
        while (true) {
            [$kind, $flags, $stream, $payload] = $this->frame();
            if ($stream !== $wanted) {
                continue;
            }
            $end = $flags & 1 ? ', end' : '';
            switch ($kind) {
                case 0:
                    $this->bytes += strlen($payload);
                    $this->last = $payload;
                    return "$stream: data " . ($payload === '' ? '' : bin2hex(substr($payload, 0, 2)) . ' ' . substr($payload, 2, 40)) . $end;
                case self::HEADERS:
                    // of the table of RFC 7541
                    $status = self::STATUS[substr(bin2hex($payload), 0, 8)] ?? self::STATUS[substr(bin2hex($payload), 0, 2)];
                    return "$stream: status $status$end";
                case self::RESET:
                    return "$stream: reset " . unpack('N', $payload)[1];
            }
        }
    }
}

function masked(string $data, int $first = 0x81): string
{
    return chr($first) . chr(0x80 | strlen($data)) . "\x11\x22\x33\x44" . ($data ^ str_repeat("\x11\x22\x33\x44", 32));
}

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
11: status 200
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
