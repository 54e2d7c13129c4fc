--TEST--
open_websocket_ping_frame, _pong_frame and _close_frame: recv() returns those frames and leaves the answer to PHP
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->set(['open_websocket_ping_frame' => true, 'open_websocket_pong_frame' => true, 'open_websocket_close_frame' => true]);
        $server->handle('/', static function ($request, $response): void {
            $response->upgrade();
            while ($frame = $response->recv()) {
                echo $frame::class, ' ', $frame->opcode, ' ', $frame->flags, ' ', $frame->data;
                echo $frame instanceof Swoole\WebSocket\CloseFrame ? "$frame->code $frame->reason\n" : "\n";
                if ($frame->opcode === SWOOLE_WEBSOCKET_OPCODE_PING) {
                    $response->push("pong to $frame->data", SWOOLE_WEBSOCKET_OPCODE_PONG);
                }
                if ($frame->opcode === SWOOLE_WEBSOCKET_OPCODE_CLOSE && $frame->reason === 'answer') {
                    $frame->reason = 'answered';
                    $response->push($frame);
                }
            }
            var_dump($frame);
        });
        $server->start();
    });
    PHP);
$client = new RawWebSocket($server->port);
$client->send('a', 9);
$client->send('b', 10);
$client->send(pack('n', 4000) . 'answer', 8);
echo $client->show(), $client->show(), $client->show();
// a close frame that nobody answers is answered at the end
$client = new RawWebSocket($server->port);
$client->send('', 8);
echo $client->show(), $client->show();
echo $server->stop();
?>
--EXPECT--
pong pong to a
close 4000 answered
end
close
end
Swoole\WebSocket\Frame 9 1 a
Swoole\WebSocket\Frame 10 1 b
Swoole\WebSocket\CloseFrame 8 1 4000 answer
string(0) ""
Swoole\WebSocket\CloseFrame 8 1 1000 
string(0) ""
