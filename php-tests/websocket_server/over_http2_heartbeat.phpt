--TEST--
A heartbeat hears requests of HTTP too; over HTTP/2 each WebSocket has its own, and a connection lives as long as a stream of it does
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/RawHttp2.php';

$code = <<<'PHP'
    use Swoole\WebSocket\Server;
    $server = new Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'));
    $server->set(['worker_num' => 1, 'open_http2_protocol' => true, 'log_level' => SWOOLE_LOG_NONE, 'heartbeat_check_interval' => 1,
        'heartbeat_idle_time' => 2]);
    $server->on('open', static fn (Server $server, $request) => $request->server['request_uri'] === '/silent' || $server->protect($request->fd));
    $server->on('message', static fn (Server $server, $frame) => $server->push($frame->fd, "$frame->data!"));
    $server->on('request', static function ($request, $response) use ($server): void {
        if ($request->server['request_uri'] === '/own') {
            $server->protect($request->fd);
            $response->end((string) $request->fd);
            return;
        }
        $response->end((string) $server->getClientInfo((int) substr($request->server['request_uri'], 1))['last_recv_time']);
    });
    $server->start();
    PHP;
foreach (['1', '2'] as $mode) {
    echo "-- mode $mode\n";
    $server = ServerProcess::start($code, env: ['MODE' => $mode]);
    $kept = connect_to($server->port, 60);
    $ask = static function () use ($kept): string {
        fwrite($kept, request_bytes('/own'));
        return read_response($kept)['body'];
    };
    $fd = $ask();
    $heard = static fn (): float => (float) http_request($server->port, "/$fd")['body'];
    $before = $heard();
    $ask();
    echo $heard() > $before ? "a request is heard\n" : "a request is not heard\n";
    $client = new RawHttp2($server->port);
    foreach ([1 => '/', 3 => '/silent'] as $stream => $path) {
        $client->connect($stream, $path);
        echo $client->next($stream), "\n";
    }
    $silent = new RawWebSocket($server->port, path: '/silent');
    stream_set_timeout($silent->socket, 60);
    echo $silent->show();
    echo $client->next(3), "\n";
    echo $client->say(1, 'still'), "\n";
    $server->stop();
}
?>
--EXPECT--
-- mode 1
a request is heard
1: status 200
3: status 200
end
3: reset 8
1: data 8106 still!
-- mode 2
a request is heard
1: status 200
3: status 200
end
3: reset 8
1: data 8106 still!
