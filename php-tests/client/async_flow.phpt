--TEST--
Async\Client: output that waits, files, sleeping, time-outs
--FILE--
<?php
use Swoole\Async\Client;
use Swoole\Event;
use Swoole\Timer;

require __DIR__ . '/../include/bootstrap.php';

// Reads what comes until "!", waiting a little first, and says how much that was.
$server = ServerProcess::start(<<<'PHP'
    $listener = stream_socket_server("tcp://127.0.0.1:$argv[1]");
    while ($socket = stream_socket_accept($listener, 60)) {
        usleep(20000);
        $count = 0;
        while (($data = fread($socket, 65536)) != '') {
            $count += strlen($data);
            if (str_ends_with($data, '!')) {
                fwrite($socket, "$count bytes");
                break;
            }
        }
        fclose($socket);
    }
    PHP);

function client(): Client
{
    $client = new Client(SWOOLE_SOCK_TCP);
    $client->on('connect', fn () => print("connect\n"));
    $client->on('receive', fn ($client, $data) => print("receive $data\n"));
    $client->on('close', fn () => print("close\n"));
    $client->on('error', fn ($client) => print("error $client->errCode\n"));
    return $client;
}

echo "a full buffer\n";
$client = client();
$client->set(['socket_buffer_size' => 1 << 19, 'buffer_high_watermark' => 100000, 'buffer_low_watermark' => 1000]);
$client->on('bufferFull', fn () => print("full\n"));
$client->on('bufferEmpty', function ($client) {
    echo "empty\n";
    $client->send('!');
});
$sent = 0;
$client->on('connect', function ($client) use (&$sent) {
    while (@$client->send(str_repeat('x', 10000)) && $sent < 100 << 20) {
        $sent += 10000;
    }
    var_dump($sent < 100 << 20, $client->errCode === SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW);
});
$client->on('receive', function ($client, $data) use (&$sent) { var_dump((int) $data === $sent + 1); });
$client->connect('127.0.0.1', $server->port, 5);
Event::wait();

echo "files\n";
$client = client();
$client->on('connect', function ($client) {
    var_dump($client->send('head'), $client->sendfile(__FILE__, 2, 1000), @$client->sendfile(__FILE__, -1), $client->send('!'));
});
$client->connect('127.0.0.1', $server->port, 5);
Event::wait();

echo "asleep\n";
$client = client();
$awake = false;
$client->on('connect', function ($client) use (&$awake) {
    $client->send('!');
    var_dump($client->sleep(), $client->pause());
    Timer::after(60, function () use ($client, &$awake) {
        $awake = true;
        var_dump($client->wakeup(), $client->resume());
    });
});
$client->on('receive', function ($client, $data) use (&$awake) { var_dump($awake); });
$client->connect('127.0.0.1', $server->port, 5);
Event::wait();

echo "a time-out\n";
$client = client();
$begun = microtime(true);
// A peer that accepts and says nothing, and a client that waits for its TLS.
$silent = stream_socket_server('tcp://127.0.0.1:0');
$client = new Client(SWOOLE_SOCK_TCP | SWOOLE_SSL);
foreach (['connect', 'receive', 'close', 'error'] as $name) {
    $client->on($name, fn ($client) => print("$name $client->errCode\n"));
}
$client->connect('127.0.0.1', (int) substr(strrchr(stream_socket_get_name($silent, false), ':'), 1), 0.05);
Event::wait();
var_dump(microtime(true) - $begun >= 0.05, $client->isConnected());

echo "an exception\n";
show_php(<<<'PHP'
    [$client, $port] = [new Swoole\Async\Client(SWOOLE_SOCK_TCP), (int) getenv('PORT')];
    foreach (['connect', 'receive', 'close', 'error'] as $name) {
        $client->on($name, fn () => throw new Exception($name));
    }
    $client->connect('127.0.0.1', $port, 5);
    Swoole\Event::wait();
    echo "not here\n";
    PHP, env: ['PORT' => (string) $server->port]);
$server->kill();
?>
--EXPECTF--
a full buffer
full
bool(true)
bool(true)
empty
bool(true)
close
files
[%s]	WARNING	network::check_sendfile_parameters() (ERRNO 505): length[0] or offset[-1] is invalid
int(4)
bool(true)
bool(false)
int(1)
receive 1005 bytes
close
asleep
bool(true)
bool(false)
bool(true)
bool(false)
bool(true)
close
a time-out
error 110
bool(true)
bool(false)
an exception

Fatal error: Uncaught Exception: connect in %s:%d
Stack trace:
#0 [internal function]: {closure%S}(Object(Swoole\Async\Client))
#1 %s(%d): Swoole\Event::wait()
#2 {main}
  thrown in %s on line %d
exit code 255
