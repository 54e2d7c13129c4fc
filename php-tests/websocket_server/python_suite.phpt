--TEST--
PyPI's websockets as the client of all kinds of servers: messages, fragments, pings, compression's terms, limits, ends, sub-protocols, many at a time
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$code = <<<'PHP'
    use Swoole\WebSocket\Server;
    $settings = ['websocket_subprotocol' => 'chat', 'package_max_length' => 1 << 20,
        'websocket_compression' => ['context_takeover' => getenv('TAKEOVER') === '1']];
    if (getenv('MODE') === '0') {
        Swoole\Coroutine\run(static function () use ($settings): void {
            $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
            $server->set($settings);
            $server->handle('/', static function ($request, $response): void {
                if (!$response->upgrade()) {
                    return;
                }
                while (is_object($frame = $response->recv())) {
                    if ($frame->data === 'ping me') {
                        $response->ping('server');
                    }
                    $frame->data === 'end' ? $response->disconnect(4001, 'as you wish') : $response->push($frame->data, $frame->opcode);
                }
            });
            $server->start();
        });
        exit;
    }
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
foreach (['coroutine' => '0', 'SWOOLE_BASE' => '1', 'SWOOLE_PROCESS' => '2'] as $name => $mode) {
    foreach (['0', '1'] as $takeover) {
        echo "-- $name", $takeover ? ', with context' : '', "\n";
        $server = ServerProcess::start($code, env: ['MODE' => $mode, 'TAKEOVER' => $takeover]);
        passthru("$python $suite $server->port 2>&1");
        $server->stop();
    }
}
?>
--EXPECT--
-- coroutine
messages fine
pings fine
terms fine
limits fine
ends fine
protocols fine
crowd fine
-- coroutine, with context
messages fine
pings fine
terms fine
limits fine
ends fine
protocols fine
crowd fine
-- SWOOLE_BASE
messages fine
pings fine
terms fine
limits fine
ends fine
protocols fine
crowd fine
-- SWOOLE_BASE, with context
messages fine
pings fine
terms fine
limits fine
ends fine
protocols fine
crowd fine
-- SWOOLE_PROCESS
messages fine
pings fine
terms fine
limits fine
ends fine
protocols fine
crowd fine
-- SWOOLE_PROCESS, with context
messages fine
pings fine
terms fine
limits fine
ends fine
protocols fine
crowd fine
