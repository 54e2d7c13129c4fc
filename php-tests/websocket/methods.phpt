--TEST--
what the methods of a response return before, during and after a WebSocket connection
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $show = static function (string $what, mixed $value): void {
            echo $what, ': ', json_encode($value), $value === false ? ' ' . swoole_last_error() : '', "\n";
        };
        $server->handle('/', static function ($request, $response) use ($show): void {
            $show('upgrade', $response->upgrade());
            $show('again', $response->upgrade());
            $show('isWritable', $response->isWritable());
            $show('end', $response->end());
            $show('write', $response->write('x'));
            $show('header', $response->header('a', 'b'));
            $show('status', $response->status(200));
            $show('recv', $response->recv()->data);
            $show('push', $response->push('text'));
            $show('push binary', $response->push('binary', SWOOLE_WEBSOCKET_OPCODE_BINARY));
            $show('push begun', $response->push('begun', SWOOLE_WEBSOCKET_OPCODE_TEXT, 0));
            $show('push more', $response->push('more', SWOOLE_WEBSOCKET_OPCODE_CONTINUATION, null));
            $show('ping', $response->ping('hey'));
            $show('recv nothing', $response->recv(0.02));
            $show('push opcode', @$response->push('x', 11));
            $show('push long ping', @$response->push(str_repeat('x', 126), SWOOLE_WEBSOCKET_OPCODE_PING));
            try {
                $response->push(new stdClass());
            } catch (Error $error) {
                echo $error->getMessage(), "\n";
            }
            $show('close', $response->close());
            foreach (['push' => ['x'], 'recv' => [], 'close' => [], 'disconnect' => [], 'ping' => []] as $method => $arguments) {
                $show($method, $response->$method(...$arguments));
            }
        });
        $server->handle('/disconnect', static function ($request, $response) use ($show): void {
            $response->upgrade();
            $show('disconnect', $response->disconnect(4000, 'why'));
            $show('push', $response->push('x'));
        });
        $server->handle('/frames', static function ($request, $response): void {
            $response->upgrade();
            foreach ([SWOOLE_WEBSOCKET_OPCODE_PING, SWOOLE_WEBSOCKET_OPCODE_PONG] as $opcode) {
                $frame = new Swoole\WebSocket\Frame();
                $frame->opcode = $opcode;
                $response->push($frame);
            }
            $frame = new Swoole\WebSocket\CloseFrame();
            $frame->code = 1001;
            $frame->reason = 'away';
            $response->push($frame);
        });
        $server->handle('/plain', static function ($request, $response) use ($show): void {
            foreach (['push' => ['x'], 'recv' => [], 'disconnect' => [], 'ping' => []] as $method => $arguments) {
                $show($method, $response->$method(...$arguments));
            }
            $show('close', $response->close());
        });
        $server->handle('/throws', static function ($request, $response): void {
            $response->upgrade();
            throw new Exception('oh');
        });
        $server->start();
    });
    PHP);
$client = new RawWebSocket($server->port);
$client->send('hello');
for ($n = 0; $n < 6; $n++) {
    echo $client->show();
}
echo "-- disconnect\n";
$client = new RawWebSocket($server->port, path: '/disconnect');
echo $client->show(), $client->show();
echo "-- frames\n";
$client = new RawWebSocket($server->port, path: '/frames');
echo $client->show(), $client->show(), $client->show(), $client->show();
echo "-- plain\n";
var_dump(raw_request($server->port, "GET /plain HTTP/1.1\r\nHost: x\r\n\r\n"));
echo "-- throws\n";
$client = new RawWebSocket($server->port, path: '/throws');
echo $client->show(), $client->show();
echo "-- server\n", preg_replace('/fd\[\d+\]/', 'fd[N]', $server->stop());
?>
--EXPECTF--
text text
binary binary
text begun begun
more more
ping hey
end
-- disconnect
close 4000 why
end
-- frames
ping
pong
close 1001 away
end
-- plain
string(0) ""
-- throws
close 1011
end
-- server
upgrade: true
again: false 7106
isWritable: false 7106
end: false 7106
write: false 7106
header: false 7106
status: false 7106
recv: "hello"
push: true
push binary: true
push begun: true
push more: true
ping: true
recv nothing: false 110
push opcode: false 8505
push long ping: false 8505
Object of class stdClass could not be converted to string
close: true
push: false 9
recv: false 9
close: false 9
disconnect: false 9
ping: false 9
disconnect: true
push: false 9

Warning: Swoole\Http\Response::push(): fd[N] is not a websocket conncetion in %s on line %d
push: false 503

Warning: Swoole\Http\Response::recv(): fd[N] is not a websocket conncetion in %s on line %d
recv: false 503

Warning: Swoole\Http\Response::disconnect(): fd[N] is not a websocket conncetion in %s on line %d
disconnect: false 503

Warning: Swoole\Http\Response::ping(): only supports websocket or http2 client in %s on line %d
ping: false 503
close: true

Warning: Uncaught Exception: oh in %s
Stack trace:
#0 [internal function]: {closure%S}(%s)
#1 {main}
  thrown in %s on line %d
