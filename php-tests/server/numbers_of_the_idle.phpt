--TEST--
Server: min_fd and max_fd of a server without connections are its listener's, and a user process has no status
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

echo run_php(<<<'PHP'
    $server = new Swoole\Server('127.0.0.1', 0, SWOOLE_BASE);
    $server->set(['worker_num' => 2, 'log_file' => '/dev/null', 'max_wait_time' => 1]);
    $server->on('receive', fn () => null);
    $server->addProcess(new Swoole\Process(function ($process) use ($server) {
        usleep(100_000);
        foreach (range(0, 3) as $id) {
            echo "$id: ", var_export($server->getWorkerStatus($id), true), "\n";
        }
        echo 'own: ', $server->getWorkerStatus(), "\n";
        $stats = $server->stats();
        $listener = $server->ports[0]->sock;
        echo 'idle: ', var_export([$stats['min_fd'], $stats['max_fd']] === [$listener, $listener], true), "\n";
        $client = stream_socket_client("tcp://127.0.0.1:{$server->port}");
        do {
            usleep(5000);
            $stats = $server->stats();
        } while ($stats['connection_num'] === 0);
        echo 'one client: ', var_export($stats['min_fd'] === $listener && $stats['max_fd'] > $listener, true), "\n";
        $server->shutdown();
        sleep(60);
    }));
    $server->start();
    PHP)['out'];
?>
--EXPECT--
0: 2
1: 2
2: 0
3: false
own: 0
idle: true
one client: true
