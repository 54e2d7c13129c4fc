--TEST--
WebSocket\Server over HTTP/2: who does not read one stream keeps no other one waiting, its queue has an end, and nothing is lost
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/RawHttp2.php';

$code = <<<'PHP'
    use Swoole\WebSocket\Server;
    $server = new Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'));
    $server->set(['worker_num' => 1, 'open_http2_protocol' => true, 'log_level' => SWOOLE_LOG_NONE, 'send_yield' => false,
        'socket_buffer_size' => 1 << 18]);
    $server->on('message', static function (Server $server, $frame): void {
        if ($frame->data !== 'flood') {
            $server->push($frame->fd, "$frame->data!");
            return;
        }
        // what another process has not sent yet counts only there
        for ($n = 0; $n < 1000 && @$server->push($frame->fd, sprintf('%04d', $n) . str_repeat('x', 16 << 10)); $n++) {
            usleep(200);
        }
        echo swoole_last_error(), "\n", "flood $n\n";
    });
    $server->on('bufferFull', static fn () => print("full\n"));
    $server->on('bufferEmpty', static fn () => print("empty\n"));
    $server->start();
    PHP;
foreach ([1, 2] as $mode) {
    echo "-- mode $mode\n";
    $server = ServerProcess::start($code, env: ['MODE' => (string) $mode]);
    $client = new RawHttp2($server->port);
    $client->send(8, 0, 0, pack('N', 100 << 20));
    foreach ([1, 3] as $stream) {
        $client->connect($stream, '/chat');
        echo $client->next($stream), "\n";
    }
    $client->send(0, 0, 1, masked('flood'));
    $server->waitForOutput('flood ', 30);
    preg_match('/^(\d+)\nflood (\d+)$/m', $server->output(), $found);
    echo 'error ', $found[1], ', ', $found[2] > 15 && $found[2] < 60 ? 'soon' : $found[2], "\n";
    echo $client->say(3, 'and you'), "\n";
    echo $server->waitForOutput("full\n", 30) ? "full\n" : "not full\n";
    $client->bytes = 0;
    $client->send(8, 0, 1, pack('N', 100 << 20));
    // frames of WebSocket have a head of four bytes, and these messages four more
    $expected = $found[2] * ((16 << 10) + 8);
    while ($client->bytes < $expected) {
        $client->next(1);
    }
    echo $client->bytes === $expected ? "all of it\n" : "$client->bytes bytes\n";
    echo $server->waitForOutput("empty\n", 30) ? "empty\n" : "not empty\n";
    echo $client->say(1, 'again'), "\n";
    $server->stop();
}
?>
--EXPECT--
-- mode 1
1: status 200
3: status 200
error 1009, soon
3: data 8108 and you!
full
all of it
empty
1: data 8106 again!
-- mode 2
1: status 200
3: status 200
error 1009, soon
3: data 8108 and you!
full
all of it
empty
1: data 8106 again!
