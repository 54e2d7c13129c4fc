--TEST--
WebSocket\Server: `close` comes with the client's close frame, however long the client keeps its socket; so it does when the client broke the protocol
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$code = <<<'PHP'
    use Swoole\WebSocket\Server;
    $server = new Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'));
    $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_ERROR]);
    $server->on('open', static fn (Server $server, $request) => $server->push($request->fd, (string) $request->fd));
    $server->on('message', static function (Server $server, $frame): void {
        $fd = (int) $frame->data;
        echo json_encode([$server->exist($fd), $server->isEstablished($fd), in_array($fd, iterator_to_array($server->connections), true)]), "\n";
        $server->push($frame->fd, 'seen');
    });
    $server->on('close', static function (Server $server, int $fd, int $reactor): void {
        echo "close $reactor\n";
    });
    $server->start();
    PHP;
foreach (['1', '2'] as $mode) {
    echo "-- mode $mode\n";
    $server = ServerProcess::start($code, env: ['MODE' => $mode]);
    $server->waitForOutput('close');
    $other = new RawWebSocket($server->port);
    $other->receive();
    foreach ([RawWebSocket::frame(pack('n', 1000), 8), RawWebSocket::frame('', 3)] as $last) {
        $client = new RawWebSocket($server->port);
        $fd = $client->receive()[1];
        $client->write($last);
        echo strtok($client->show(), ' '), ' ', $client->show();
        $other->send($fd);
        $other->receive();
        $left[] = $client;
    }
    $server->kill();
    echo $server->output();
}
?>
--EXPECT--
-- mode 1
close end
close end
close 0
close 0
[false,false,false]
close 0
[false,false,false]
-- mode 2
close end
close end
close 0
close 0
[false,false,false]
close 0
[false,false,false]
