--TEST--
PyPI's websockets as the client of WebSocket\Server in SWOOLE_BASE: messages, fragments, pings, compression's terms, limits, ends, sub-protocols, many at a time
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$code = <<<'PHP'
    use Swoole\WebSocket\Server;
    $settings = ['websocket_subprotocol' => 'chat', 'package_max_length' => 1 << 20,
        'websocket_compression' => ['context_takeover' => getenv('TAKEOVER') === '1']];
    $server = new Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'));
    // each connection has its worker, so messages come back in their order
    $server->set($settings + ['worker_num' => 2, 'log_level' => SWOOLE_LOG_NONE, 'dispatch_mode' => 2]);
    $server->on('message', static function (Server $server, $frame): void {
        if ($frame->data === 'ping me') {
            $server->ping($frame->fd, 'server');
        }
        $frame->data === 'end' ? $server->disconnect($frame->fd, 4001, 'as you wish') : $server->push($frame->fd, $frame->data, $frame->opcode);
    });
    $server->start();
    PHP;
$suite = escapeshellarg(__DIR__ . '/../include/websocket_suite.py');
$python = python_with('websockets');
foreach (['0' => '', '1' => 'messages terms'] as $takeover => $checks) {
    echo $takeover ? "-- with context\n" : "-- without context\n";
    $server = ServerProcess::start($code, env: ['TAKEOVER' => (string) $takeover, 'MODE' => '1']);
    passthru("$python $suite $server->port $checks 2>&1");
    $server->stop();
}
?>
--EXPECT--
-- without context
messages fine
pings fine
terms fine
limits fine
ends fine
protocols fine
crowd fine
-- with context
messages fine
terms fine
