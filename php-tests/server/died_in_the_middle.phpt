--TEST--
Server: when a request ends its worker, who asked for what did gets 500, others in work there get 502, an answer given in a shutdown function still goes, and who comes then is answered
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    $server = new Swoole\Http\Server('127.0.0.1', (int) $argv[1], SWOOLE_PROCESS);
    $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_NONE]);
    $server->on('request', function ($request, $response) {
        switch ($request->server['path_info']) {
            case '/error':
                trigger_error('x', E_USER_ERROR);
                break;
            case '/nested':
                go(fn () => throw new Exception('x'));
                break;
            case '/timer':
                Swoole\Timer::after(1, fn () => throw new Exception('x'));
                Co::sleep(5);
                break;
            case '/nested-late':
                go(function () {
                    Co::sleep(0.01);
                    go(function () {
                        Co::sleep(0.01);
                        throw new Exception('x');
                    });
                });
                Co::sleep(5);
            case '/timer-late':
                Swoole\Timer::after(1, fn () => Swoole\Timer::after(1, function () {
                    Co::sleep(0.01);
                    throw new Exception('x');
                }));
                Co::sleep(5);
            case '/answered':
                $response->end('well');
                trigger_error('x', E_USER_ERROR);
            case '/memory':
                ini_set('memory_limit', '16M');
                $all = str_repeat('x', 32 << 20);
                break;
            case '/told':
                register_shutdown_function(fn () => $response->end('told'));
                trigger_error('x', E_USER_ERROR);
                break;
            case '/sleep':
                Co::sleep(5);
        }
        $response->end('well');
    });
    $server->start();
    PHP, ['display_errors' => '0', 'log_errors' => '0']);

function ask(int $port, string $path)
{
    $socket = connect_to($port);
    fwrite($socket, "GET $path HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    return $socket;
}

$status = fn ($socket) => substr((string) stream_get_contents($socket), 9, 3);
foreach (['error', 'nested', 'nested-late', 'timer', 'timer-late', 'memory', 'answered', 'told'] as $how) {
    $neighbours = array_map(fn () => ask($server->port, '/sleep'), range(1, 3));
    // They are in work when one that came after them is answered.
    $status(ask($server->port, '/'));
    $own = $status(ask($server->port, "/$how"));
    echo "$how: ", $own;
    echo ', neighbours ', implode(' ', array_map($status, $neighbours)), ', next ', $status(ask($server->port, '/')), "\n";
}
$server->stop();
?>
--EXPECT--
error: 500, neighbours 502 502 502, next 200
nested: 500, neighbours 502 502 502, next 200
nested-late: 500, neighbours 502 502 502, next 200
timer: 500, neighbours 502 502 502, next 200
timer-late: 500, neighbours 502 502 502, next 200
memory: 500, neighbours 502 502 502, next 200
answered: 200, neighbours 502 502 502, next 200
told: 200, neighbours 502 502 502, next 200
