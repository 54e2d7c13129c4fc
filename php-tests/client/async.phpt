--TEST--
Async\Client: the loop calls functions when something has happened
--FILE--
<?php
use Swoole\Async\Client;
use Swoole\Event;
use Swoole\Timer;

$listener = stream_socket_server('tcp://127.0.0.1:0');
$port = (int) substr(strrchr(stream_socket_get_name($listener, false), ':'), 1);

/** Serves one connection with this function, which gets what has come. */
function serve(callable $answer): void
{
    global $listener;
    Event::add($listener, function ($listener) use ($answer) {
        Event::del($listener);
        $socket = stream_socket_accept($listener);
        Event::add($socket, function ($socket) use ($answer) {
            $data = fread($socket, 65536);
            if ($data === '' || $data === false || $answer($socket, $data) === false) {
                Event::del($socket);
                fclose($socket);
            }
        });
    });
}

function client(string $name, int $type = SWOOLE_SOCK_TCP): Client
{
    $client = new Client($type);
    $client->on('connect', function ($client) use ($name) {
        echo "$name: connect, ", Swoole\Coroutine::getCid(), ', ', json_encode($client->isConnected()), "\n";
        $client->send('hello');
    });
    $client->on('receive', function ($client, $data) use ($name) {
        echo "$name: receive ", json_encode($data), "\n";
    });
    $client->on('close', fn ($client) => print("$name: close, " . json_encode($client->isConnected()) . "\n"));
    $client->on('error', fn ($client) => print("$name: error $client->errCode\n"));
    return $client;
}

echo "closed by the peer, and again\n";
$client = client('one');
for ($i = 0; $i < 2; $i++) {
    serve(fn ($socket, $data) => fwrite($socket, "got $data") && false);
    var_dump($client->connect('127.0.0.1', $port, 1), $client->isConnected(), @$client->connect('127.0.0.1', $port, 1), @$client->send('x'));
    Event::wait();
}

echo "closed here\n";
serve(fn ($socket, $data) => fwrite($socket, "got $data"));
$client = client('two');
$client->on('RECEIVE', function ($client, $data) {
    var_dump($data, $client->close(), $client->isConnected(), @$client->close());
});
$client->connect('localhost', $port, 1);
unset($client);
Event::wait();

echo "packets\n";
serve(function ($socket, $data) {
    fwrite($socket, "one;two;thr");
    Timer::after(1, fn () => fwrite($socket, 'ee;four;'));
});
$client = client('three');
$client->set(['open_eof_split' => true, 'package_eof' => ';']);
$client->on('receive', function ($client, $data) {
    echo "$data\n";
    if ($data === 'three;') {
        $client->close();
    }
});
$client->connect('127.0.0.1', $port, 1);
Event::wait();
serve(fn ($socket, $data) => fwrite($socket, "\2ab\1c\xff"));
$client = client('four');
$client->set(['open_length_check' => true, 'package_length_type' => 'C', 'package_body_offset' => 1, 'package_max_length' => 200]);
$client->connect('127.0.0.1', $port, 1);
Event::wait();

echo "nobody there\n";
$client = client('five');
$free = stream_socket_server('tcp://127.0.0.1:0');
$free_port = (int) substr(strrchr(stream_socket_get_name($free, false), ':'), 1);
fclose($free);
var_dump($client->connect('127.0.0.1', $free_port, 1));
Event::wait();
var_dump($client->connect('no.such.host.invalid', $port, 20));
Event::wait();
$client = client('six', SWOOLE_SOCK_UNIX_STREAM);
var_dump($client->connect('/no/such/file', 0, 1), $client->errCode);
$client = client('seven');
$full = stream_socket_server('tcp://127.0.0.1:0', $number, $text, STREAM_SERVER_BIND);
var_dump($client->connect('127.0.0.1', $port, 1), $client->close());
Event::wait();

echo "datagrams\n";
$server = stream_socket_server('udp://127.0.0.1:0', $number, $text, STREAM_SERVER_BIND);
Event::add($server, function ($server) {
    $data = stream_socket_recvfrom($server, 100, 0, $peer);
    stream_socket_sendto($server, "got $data", 0, $peer);
    Event::del($server);
});
$client = client('eight', SWOOLE_SOCK_UDP);
$client->on('receive', function ($client, $data) {
    var_dump($data, $client->close());
});
var_dump($client->connect('127.0.0.1', (int) substr(strrchr(stream_socket_get_name($server, false), ':'), 1), 1));
Event::wait();
?>
--EXPECTF--
closed by the peer, and again
bool(true)
bool(false)
bool(false)
bool(false)
one: connect, -1, true
one: receive "got hello"
one: close, false
bool(true)
bool(false)
bool(false)
bool(false)
one: connect, -1, true
one: receive "got hello"
one: close, false
closed here
two: connect, -1, true
two: close, false
string(9) "got hello"
bool(true)
bool(false)
bool(false)
packets
three: connect, -1, true
one;
two;
three;
three: close, false
four: connect, -1, true
four: receive "\u0002ab"
four: receive "\u0001c"
[%s]	WARNING	Protocol::recv_with_length_protocol() (ERRNO 1201): the received packet length 256 is too large, remote_addr=<127.0.0.1:%d>
four: close, false
nobody there
bool(true)
five: error 111
bool(true)
five: error 711
six: error 2

Warning: Swoole\Async\Client::connect(): connect to server[/no/such/file:0] failed, Error: No such file or directory[2] in %s on line %d
bool(false)
int(2)
bool(true)
bool(true)
datagrams
eight: connect, -1, true
bool(true)
eight: close, false
string(9) "got hello"
bool(true)
