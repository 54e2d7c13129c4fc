--TEST--
SWOOLE_PROCESS: no message is lost while all workers are replaced, again and again; connections stay
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    $server = new Swoole\WebSocket\Server('127.0.0.1', (int) getenv('PORT'), SWOOLE_PROCESS);
    $server->set(['worker_num' => 2, 'max_wait_time' => 10, 'log_level' => SWOOLE_LOG_ERROR]);
    $server->on('message', static fn ($server, $frame) => $server->push($frame->fd, $frame->data));
    $server->start();
    PHP);
$clients = [];
for ($i = 0; $i < 4; $i++) {
    $clients[] = $client = new RawWebSocket($server->port);
    stream_set_timeout($client->socket, 20);
}
for ($round = 0; $round < 5; $round++) {
    $server->send(SIGUSR1);
    for ($n = 0; $n < 20; $n++) {
        foreach ($clients as $i => $client) {
            $client->send("$round $n $i");
        }
        foreach ($clients as $i => $client) {
            $answer = $client->message();
            $answer === "$round $n $i" || exit("$round $n $i was answered with $answer\n");
        }
        usleep(1000);
    }
}
echo "all answered\n", $server->stop();
?>
--EXPECT--
all answered
