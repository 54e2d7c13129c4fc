--TEST--
WebSocket\Server with a heartbeat: clients that say nothing are sent away, pings count as a sign of life, protected ones may be silent
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$code = <<<'PHP'
    use Swoole\WebSocket\Server;
    $server = new Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'));
    $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_NONE, 'heartbeat_check_interval' => 1, 'heartbeat_idle_time' => 2]);
    $server->on('open', static function (Server $server, $request): void {
        $silent = $request->server['request_uri'] === '/silent';
        $silent || $server->protect($request->fd);
        $server->push($request->fd, $silent ? 'silent' : (string) $request->fd);
    });
    $server->on('message', static fn () => null);
    $server->on('request', static function ($request, $response) use ($server): void {
        $fd = (int) substr($request->server['request_uri'], 1);
        $response->end((string) $server->getClientInfo($fd)['last_recv_time']);
    });
    $server->on('close', static function (Server $server, int $fd) use (&$closed): void {
        echo "close\n";
    });
    $server->start();
    PHP;
foreach (['1', '2'] as $mode) {
    echo "-- mode $mode\n";
    $server = ServerProcess::start($code, env: ['MODE' => $mode]);
    $protected = new RawWebSocket($server->port);
    $fd = $protected->receive()[1];
    $heard = static fn () => (float) http_request($server->port, "/$fd")['body'];
    $before = $heard();
    $silent = new RawWebSocket($server->port, path: '/silent');
    $start = microtime(true);
    echo $silent->show(), $silent->show();
    echo microtime(true) - $start > 1 ? 'after a while' : 'at once', "\n";
    $server->waitForOutput("close\n", 20);
    $protected->send('still', 9);
    echo $protected->show();
    echo $heard() > $before ? 'it has been heard' : 'it was not heard', "\n";
    $server->stop();
}
?>
--EXPECT--
-- mode 1
text silent
end
after a while
pong still
it has been heard
-- mode 2
text silent
end
after a while
pong still
it has been heard
