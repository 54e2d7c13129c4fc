--TEST--
WebSocket\Server: open_websocket_ping_frame, _pong_frame and _close_frame bring those frames to `message`; without them they are answered
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$code = <<<'PHP'
    use Swoole\WebSocket\Server;
    $server = new Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'));
    $deliver = getenv('DELIVER') === '1';
    $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_ERROR, 'open_websocket_ping_frame' => $deliver,
        'open_websocket_pong_frame' => $deliver, 'open_websocket_close_frame' => $deliver]);
    $server->on('message', static function (Server $server, $frame): void {
        $is_close = $frame instanceof Swoole\WebSocket\CloseFrame;
        echo "$frame->opcode $frame->flags ", json_encode($frame->finish), ' ', $is_close ? "$frame->code $frame->reason" : $frame->data, "\n";
        match ($frame->opcode) {
            SWOOLE_WEBSOCKET_OPCODE_PING => $server->push($frame->fd, "from PHP: $frame->data", SWOOLE_WEBSOCKET_OPCODE_PONG),
            SWOOLE_WEBSOCKET_OPCODE_CLOSE => $frame->reason === 'answer' && $server->disconnect($frame->fd, 4002, 'from PHP'),
            SWOOLE_WEBSOCKET_OPCODE_TEXT => $server->push($frame->fd, 'text'),
            default => null,
        };
    });
    $server->on('close', static function (): void {
        echo "close\n";
    });
    $server->start();
    PHP;
foreach (['1', '2'] as $mode) {
    foreach (['1', '0'] as $deliver) {
        echo "-- mode $mode, ", $deliver ? 'delivered' : 'not delivered', "\n";
        $server = ServerProcess::start($code, env: ['MODE' => $mode, 'DELIVER' => $deliver]);
        $server->waitForOutput("close\n");
        $client = new RawWebSocket($server->port);
        $client->send('a', 9);
        echo $client->show();
        $client->send('b', 10);
        $client->send('c');
        echo $client->show();
        // the answer says the same
        $client->send(pack('n', 4001) . 'bye', 8);
        echo $client->show(), $client->show();
        $client = new RawWebSocket($server->port);
        $client->send(pack('n', 4001) . 'answer', 8);
        echo $client->show(), $client->show();
        for ($end = microtime(true) + 20; substr_count($server->output(), "close\n") < 3 && microtime(true) < $end; usleep(5000));
        $lines = explode("\n", trim($server->stop()));
        sort($lines);
        echo '  ', implode(', ', $lines), "\n";
    }
}
?>
--EXPECT--
-- mode 1, delivered
pong from PHP: a
text text
close 4001 bye
end
close 4002 from PHP
end
  1 33 true c, 10 33 true b, 8 33 true 4001 answer, 8 33 true 4001 bye, 9 33 true a, close, close, close
-- mode 1, not delivered
pong a
text text
close 4001 bye
end
close 4001 answer
end
  1 33 true c, close, close, close
-- mode 2, delivered
pong from PHP: a
text text
close 4001 bye
end
close 4001 answer
end
  1 33 true c, 10 33 true b, 8 33 true 4001 answer, 8 33 true 4001 bye, 9 33 true a, close, close, close
-- mode 2, not delivered
pong a
text text
close 4001 bye
end
close 4001 answer
end
  1 33 true c, close, close, close
