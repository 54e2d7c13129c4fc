--TEST--
PyPI's websockets as the client of Coroutine\Http\Server: messages, fragments, pings, compression's terms, limits, ends, sub-protocols, many at a time
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$code = <<<'PHP'
    $settings = ['websocket_subprotocol' => 'chat', 'package_max_length' => 1 << 20,
        'websocket_compression' => ['context_takeover' => getenv('TAKEOVER') === '1']];
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
    PHP;
$suite = escapeshellarg(__DIR__ . '/../include/websocket_suite.py');
$python = python_with('websockets');
foreach (['0' => '', '1' => 'messages terms'] as $takeover => $checks) {
    echo $takeover ? "-- with context\n" : "-- without context\n";
    $server = ServerProcess::start($code, env: ['TAKEOVER' => (string) $takeover]);
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
