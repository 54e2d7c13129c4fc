--TEST--
SWOOLE_PROCESS: with all that may wait between master and worker waiting, no reply, no handshake's answer and no message is lost
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

const REPLIES = 64;
const LENGTH = 1_900_000;
$server = ServerProcess::start(<<<'PHP'
    use Swoole\WebSocket\Server;
    $server = new Server('127.0.0.1', (int) getenv('PORT'), SWOOLE_PROCESS);
    $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_NONE, 'package_max_length' => 4 << 20]);
    $waiting = [];
    $messages = 0;
    $body = str_repeat('x', 1_900_000);
    $server->on('request', static function ($request, $response) use (&$waiting, $body): void {
        if ($request->server['request_uri'] === '/count') {
            $response->end((string) count($waiting));
            return;
        }
        $waiting[] = Swoole\Coroutine::getCid();
        Swoole\Coroutine::suspend();
        $response->end($body);
    });
    $server->on('beforeHandshakeResponse', static function (Server $server) use (&$waiting): void {
        // the master reads nothing while the worker has more to say than may wait
        Swoole\Process::kill($server->master_pid, SIGSTOP);
        foreach ($waiting as $cid) {
            Swoole\Coroutine::resume($cid);
        }
        // lets the replies go out
        Swoole\Coroutine::sleep(0.05);
    });
    $server->on('open', static function (Server $server): void {
        Swoole\Process::kill($server->master_pid, SIGCONT);
    });
    $server->on('message', static function (Server $server, $frame) use (&$messages): void {
        $messages++;
        $frame->data === 'pid' && $server->push($frame->fd, (string) getmypid());
        $frame->data === 'count' && $server->push($frame->fd, (string) $messages);
    });
    $server->start();
    PHP);
$all = [];
for ($n = 0; $n < REPLIES; $n++) {
    $all[] = $socket = connect_to($server->port, 20.0);
    fwrite($socket, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
}
for ($end = microtime(true) + 20; http_request($server->port, '/count')['body'] !== (string) REPLIES && microtime(true) < $end; usleep(1000));
$second = new RawWebSocket($server->port);
echo strtok($second->head, "\r\n"), "\n";
foreach ($all as $socket) {
    $lengths[] = strlen(read_response($socket)['body'] ?? '');
}
echo array_sum($lengths) === REPLIES * LENGTH ? 'all' : 'not all', " replies\n";

// a worker that handles nothing is sent 80 MiB
$second->send('pid');
$worker = (int) ($second->receive()[1] ?? 0);
$worker > 0 || exit("no worker\n" . $server->stop());
posix_kill($worker, SIGSTOP);
$message = RawWebSocket::frame(str_repeat('y', 1 << 20));
stream_set_blocking($second->socket, false);
[$count, $left] = [0, ''];
do {
    if ($left === '' && $count++ < 80) {
        $left = $message;
    }
    // where it is the client that has to wait, that is soon seen; the rest follows later
    [$write, $none] = [[$second->socket], []];
    $may = stream_select($none, $write, $none, 1);
    $left = $may ? substr($left, (int) fwrite($second->socket, $left)) : $left;
} while ($may && $count <= 80);
posix_kill($worker, SIGCONT);
stream_set_blocking($second->socket, true);
for ($second->write($left); $count < 80; $count++) {
    $second->write($message);
}
$second->send('count');
echo $second->receive()[1], " messages\n";
echo $server->stop();
?>
--EXPECT--
HTTP/1.1 101 Switching Protocols
all replies
82 messages
