--TEST--
WebSocket\Server: open, message, close, disconnect and request; push, ping, disconnect, isEstablished, in both modes
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$code = <<<'PHP'
    use Swoole\WebSocket\Server;
    $server = new Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'));
    $server->set(['worker_num' => (int) getenv('WORKERS'), 'log_level' => SWOOLE_LOG_ERROR]);
    $server->on('open', static function (Server $server, $request): void {
        echo 'open ', $request->server['request_uri'], ' ', json_encode($server->isEstablished($request->fd)), "\n";
        $server->push($request->fd, 'welcome');
    });
    $server->on('message', static function (Server $server, $frame): void {
        [$what, $fd] = explode(' ', $frame->data) + [1 => 0];
        match ($what) {
            'fd' => $server->push($frame->fd, "fd $frame->fd"),
            'to' => $server->push((int) $fd, 'hello'),
            'binary' => $server->push($frame->fd, "\x00\xff", SWOOLE_WEBSOCKET_OPCODE_BINARY),
            'ping' => $server->ping($frame->fd, 'there?'),
            'packed' => $server->send($frame->fd, Server::pack('packed')),
            'disconnect' => print(json_encode($server->disconnect($frame->fd, 4000, 'you asked')) . "\n"),
            'drop' => print(json_encode($server->close($frame->fd)) . "\n"),
            'status' => $server->push($frame->fd, (string) $server->getClientInfo($frame->fd)['websocket_status']),
            'nobody' => print(json_encode([@$server->push(9999, 'x'), @$server->ping(9999), @$server->disconnect(9999), $server->isEstablished(9999)]) . "\n"),
            default => $server->push($frame->fd, $frame),
        };
    });
    $server->on('request', static fn ($request, $response) => $response->end('plain'));
    $server->on('close', static function (Server $server, int $fd): void {
        echo "close\n";
    });
    $server->on('disconnect', static function (Server $server, int $fd): void {
        echo "disconnect\n";
    });
    $server->start();
    PHP;
foreach ([['1', '1'], ['1', '2'], ['2', '2']] as [$mode, $workers]) {
    echo "-- mode $mode, workers $workers\n";
    $server = ServerProcess::start($code, env: ['MODE' => $mode, 'WORKERS' => $workers]);
    // who looked whether the server listens
    $server->waitForOutput('disconnect');
    $first = new RawWebSocket($server->port, path: '/first');
    $second = new RawWebSocket($server->port, path: '/second');
    echo preg_match('/^Sec-WebSocket-Accept: (.*)\r$/m', $first->head, $match) ? $match[1] : 'no accept', "\n";
    echo $first->show(), $second->show();
    $second->send('fd');
    [, $answer] = $second->receive();
    $first->send('to ' . substr($answer, 3));
    echo $second->show();
    $first->send(str_repeat('echo', 50000));
    echo strlen($first->receive()[1]), "\n";
    foreach (['status', 'ping', 'packed'] as $what) {
        $first->send($what);
        echo $first->show();
    }
    $first->send('binary');
    echo bin2hex($first->receive()[1]), "\n";
    $first->send('asked', 9);
    echo $first->show();
    $first->send('nobody');
    $server->waitForOutput('[');
    $first->send('disconnect');
    echo $first->show(), $first->show();
    $server->waitForOutput("disconnect\n");
    $second->send('drop');
    echo $second->show();
    $server->waitForOutput("close\n");
    $third = new RawWebSocket($server->port);
    echo $third->show();
    $third->send(pack('n', 1001) . 'away', 8);
    echo $third->show(), $third->show();
    echo http_request($server->port)['body'], "\n";
    for ($end = microtime(true) + 5; microtime(true) < $end; usleep(10_000)) {
        $output = $server->output();
        if (substr_count($output, "disconnect\n") >= 3 && preg_match_all('/^close$/m', $output) >= 2) {
            break;
        }
    }
    $lines = explode("\n", trim($server->stop()));
    sort($lines);
    echo '  ', implode(', ', array_map(static fn ($line, $count) => "$count x $line", array_keys(array_count_values($lines)), array_count_values($lines))), "\n";
}
?>
--EXPECT--
-- mode 1, workers 1
s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
text welcome
text welcome
text hello
200000
text 3
ping there?
text packed
00ff
pong asked
close 4000 you asked
end
end
text welcome
close 1001 away
end
plain
  1 x [false,false,false,false], 2 x close, 3 x disconnect, 1 x open / true, 1 x open /first true, 1 x open /second true, 2 x true
-- mode 1, workers 2
s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
text welcome
text welcome
text hello
200000
text 3
ping there?
text packed
00ff
pong asked
close 4000 you asked
end
end
text welcome
close 1001 away
end
plain
  1 x [false,false,false,false], 2 x close, 3 x disconnect, 1 x open / true, 1 x open /first true, 1 x open /second true, 2 x true
-- mode 2, workers 2
s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
text welcome
text welcome
text hello
200000
text 3
ping there?
text packed
00ff
pong asked
close 4000 you asked
end
end
text welcome
close 1001 away
end
plain
  1 x [false,false,false,false], 2 x close, 3 x disconnect, 1 x open / true, 1 x open /first true, 1 x open /second true, 2 x true
