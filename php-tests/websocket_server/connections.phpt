--TEST--
$server->connections: there before the start, each foreach goes by itself, connections that end meanwhile are left out, ports have their own
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$code = <<<'PHP'
    use Swoole\WebSocket\Server;
    $server = new Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'));
    $second = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
    $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_NONE]);
    $before = [$server->connections, $second->connections];
    echo get_class($before[0]), ' ', get_class($before[1]), ' ', count($server->connections), ' ', count(iterator_to_array($server->connections)), "\n";
    $fail = static function (iterable $connections): void {
        foreach ($connections as $fd) {
            throw new RuntimeException('in the loop');
        }
    };
    $server->on('message', static function (Server $server, $frame) use ($second, $before, $fail): void {
        $own = $frame->fd;
        $fds = array_values(array_filter(iterator_to_array($server->connections), [$server, 'isEstablished']));
        switch ($frame->data) {
            case 'same':
                echo 'same: ', var_export($before === [$server->connections, $second->connections], true), "\n";
                break;
            case 'order':
                $sorted = $all = iterator_to_array($server->connections);
                sort($sorted);
                echo 'order: ', var_export(array_keys($all) === range(1, count($all)) && array_values($all) === $sorted && count($server->connections) === count($all), true), "\n";
                echo 'established: ', count($fds), "\n";
                break;
            case 'nested':
                $pairs = 0;
                $all = count($server->connections);
                foreach ($server->connections as $one) {
                    foreach ($server->connections as $two) {
                        $pairs++;
                        if ($two > $one) {
                            $pairs += $all;
                            break;
                        }
                    }
                }
                // of each the ones up to it, the next one, and the number of all for those that have a next one
                echo 'nested: ', var_export($pairs === (int) ($all * ($all + 1) / 2) + ($all - 1) * ($all + 1), true), "\n";
                break;
            case 'throw':
                try {
                    $fail($server->connections);
                } catch (RuntimeException $exception) {
                    echo 'throw: ', $exception->getMessage(), "\n";
                }
                try {
                    foreach ($server->connections as &$fd);
                } catch (Error $error) {
                    echo 'reference: ', $error->getMessage(), "\n";
                }
                $generate = static function () use ($server): Generator {
                    yield from $server->connections;
                };
                echo 'generator: ', var_export(iterator_to_array($generate(), false) === iterator_to_array($server->connections, false), true), "\n";
                break;
            case 'methods':
                $seen = [];
                for ($all = $server->connections, $all->rewind(); $all->valid(); $all->next()) {
                    $seen[$all->key()] = $all->current();
                }
                echo 'methods: ', var_export($seen === iterator_to_array($all), true), "\n";
                break;
            case 'coroutines':
                $seen = [];
                $done = new Swoole\Coroutine\WaitGroup();
                foreach ([1, 2] as $number) {
                    $done->add();
                    go(static function () use ($server, $number, $done, &$seen): void {
                        foreach ($server->connections as $fd) {
                            $seen[$number][] = $fd;
                            Swoole\Coroutine::sleep(0.001);
                        }
                        $done->done();
                    });
                }
                $done->wait();
                echo 'coroutines: ', var_export($seen[1] === $seen[2] && $seen[1] === iterator_to_array($server->connections, false), true), "\n";
                break;
            case 'close':
                $others = array_values(array_diff($fds, [$own]));
                $seen = [];
                foreach ($server->connections as $fd) {
                    if ($fd === $others[0]) {
                        $server->close($others[1]);
                        $server->close($others[0]);
                    }
                    $seen[] = $fd;
                }
                echo 'closed one seen: ', var_export(in_array($others[1], $seen, true), true), ', later ones: ', var_export(in_array(end($others), $seen, true), true), "\n";
                break;
            case 'ports':
                echo 'ports: ', count($second->connections), ' ', count(iterator_to_array($second->connections)), ' ', count($server->connections) - count($server->ports[0]->connections), ' ',
                    var_export(array_diff(iterator_to_array($server->ports[0]->connections, false), iterator_to_array($server->connections, false)) === [], true), "\n";
                break;
        }
        $server->push($own, 'done');
    });
    $second->on('connect', static fn (Server $server, int $fd) => $server->send($fd, 'hello'));
    $second->on('receive', static fn () => null);
    $server->on('request', static fn ($request, $response) => $response->end((string) $second->port));
    $server->start();
    echo 'over: ', count($server->connections), ' ', count(iterator_to_array($server->connections)), "\n";
    PHP;
foreach (['1', '2'] as $mode) {
    echo "-- mode $mode\n";
    $server = ServerProcess::start($code, env: ['MODE' => $mode]);
    $port = (int) http_request($server->port)['body'];
    $clients = array_map(static fn () => new RawWebSocket($server->port), range(1, 150));
    $others = [];
    for ($n = 0; $n < 3; $n++) {
        $others[] = $socket = connect_to($port);
        fread($socket, 5);
    }
    foreach (['same', 'order', 'nested', 'throw', 'methods', 'coroutines', 'ports', 'close'] as $what) {
        $clients[0]->send($what);
        $clients[0]->message() === 'done' or print("$what was not done\n");
    }
    echo $server->stop();
}
?>
--EXPECT--
-- mode 1
Swoole\Connection\Iterator Swoole\Connection\Iterator 0 0
same: true
order: true
established: 150
nested: true
throw: in the loop
reference: An iterator cannot be used with foreach by reference
generator: true
methods: true
coroutines: true
ports: 3 3 3 true
closed one seen: false, later ones: true
over: 0 0
-- mode 2
Swoole\Connection\Iterator Swoole\Connection\Iterator 0 0
same: true
order: true
established: 150
nested: true
throw: in the loop
reference: An iterator cannot be used with foreach by reference
generator: true
methods: true
coroutines: true
ports: 3 3 3 true
closed one seen: false, later ones: true
over: 0 0
