--TEST--
Server: stats() counts bytes of clients and messages that go to workers, and a worker with one is busy, in both modes
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    $server = new Swoole\Http\Server('127.0.0.1', (int) $argv[1], getenv('MODE') === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
    $server->set(['worker_num' => 1, 'task_worker_num' => 1, 'log_level' => SWOOLE_LOG_ERROR]);
    $port = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
    $port->set(['open_http_protocol' => false]);
    $show = fn () => json_encode(array_intersect_key($server->stats(), array_flip([
        'idle_worker_num', 'dispatch_count', 'total_recv_bytes', 'worker_dispatch_count',
    ])) + ['status' => $server->getWorkerStatus(), 'port' => $port->port]);
    $port->on('receive', fn ($server, $fd) => $server->send($fd, $show() . "\n"));
    $server->on('request', fn ($request, $response) => $response->end($show()));
    $server->on('task', fn () => null);
    $server->start();
    PHP;

foreach (['base', 'process'] as $mode) {
    $server = ServerProcess::start($script, env: ['MODE' => $mode]);
    $request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    $ask = fn () => json_decode(substr($reply = raw_request($server->port, $request, 30), strpos($reply, "\r\n\r\n") + 4), true);
    // What was handed to a worker before it began does not count.
    $zero = $ask();
    $first = $ask();
    $since = fn (array $state, string $name): int => $state[$name] - $zero[$name];
    echo "$mode: status {$first['status']}, idle {$first['idle_worker_num']}, dispatched ", $since($first, 'dispatch_count'),
        ', by this worker ', $since($first, 'worker_dispatch_count'), ', ', $since($first, 'total_recv_bytes') - strlen($request), " bytes off\n";
    $socket = connect_to($first['port'], 30);
    foreach ([3, 100000] as $length) {
        fwrite($socket, str_repeat('x', $length));
        $request .= str_repeat('x', $length);
        $state = json_decode(fgets($socket), true);
        // A long message may come in pieces, each of which is answered.
        while ($since($state, 'total_recv_bytes') < strlen($request)) {
            $state = json_decode(fgets($socket), true);
        }
        echo 'status ', $state['status'], ', ', $since($state, 'total_recv_bytes') - strlen($request), " bytes off\n";
    }
    unset($server);
}
?>
--EXPECT--
base: status 1, idle 0, dispatched 1, by this worker 0, 0 bytes off
status 1, 0 bytes off
status 1, 0 bytes off
process: status 1, idle 0, dispatched 1, by this worker 1, 0 bytes off
status 1, 0 bytes off
status 1, 0 bytes off
