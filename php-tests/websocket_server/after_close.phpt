--TEST--
WebSocket\Server: push(), disconnect() and ping() right after close() and disconnect(), and sendfile(), say why they fail
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$code = <<<'PHP'
    use Swoole\WebSocket\Server;
    $server = new Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'));
    $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_NONE]);
    $warning = '';
    set_error_handler(static function (int $level, string $text) use (&$warning): bool {
        $warning = preg_replace('/\d+/', 'n', preg_replace('/^.*?: /', '', $text));
        return true;
    });
    $server->on('message', static function (Server $server, $frame) use (&$warning): void {
        $fd = $frame->fd;
        foreach (explode(' ', $frame->data) as $what) {
            $warning = '';
            swoole_clear_error();
            $done = match ($what) {
                'close' => $server->close($fd),
                'disconnect' => $server->disconnect($fd, 4000, 'enough'),
                'push' => $server->push($fd, 'x'),
                'ping' => $server->ping($fd),
                'sendfile' => $server->sendfile($fd, __FILE__),
            };
            echo "$what: ", json_encode($done), $done ? '' : ' ' . swoole_last_error(), ' ', $warning, "\n";
        }
    });
    $server->on('close', static fn () => null);
    $server->start();
    PHP;
foreach (['1', '2'] as $mode) {
    echo "-- mode $mode\n";
    $server = ServerProcess::start($code, env: ['MODE' => $mode]);
    foreach (['sendfile push close push disconnect ping', 'disconnect push disconnect ping'] as $what) {
        $client = new RawWebSocket($server->port);
        $client->send($what);
        while (($shown = $client->show()) !== "end\n") {
            echo '  ', $shown;
        }
    }
    echo preg_replace('/ +$/m', '', $server->stop());
}
?>
--EXPECT--
-- mode 1
  text x
  close 4000 enough
sendfile: false 507
push: true
close: true
push: false 503 session#n does not exists
disconnect: false 503 the connected client of connection[n] is not a websocket client or closed
ping: false 503 the connected client of connection[n] is not a websocket client or closed
disconnect: true
push: false 503 session#n does not exists
disconnect: false 503 the connected client of connection[n] is not a websocket client or closed
ping: false 503 the connected client of connection[n] is not a websocket client or closed
-- mode 2
  text x
  close 4000 enough
sendfile: false 507
push: true
close: true
push: false 1004
disconnect: false 1004
ping: false 1004
disconnect: true
push: false 1004
disconnect: false 1004
ping: false 1004
