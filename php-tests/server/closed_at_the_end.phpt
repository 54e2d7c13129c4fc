--TEST--
Server: PHP hears in SWOOLE_BASE of the ends of connections when their worker ends, with coroutines and without
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

foreach (['true', 'false'] as $coroutines) {
    foreach ([1, 2] as $workers) {
        $server = ServerProcess::start(<<<'PHP'
            $server = new Swoole\Server('127.0.0.1', (int) getenv('PORT'), SWOOLE_BASE);
            $server->set(['worker_num' => (int) getenv('WORKERS'), 'enable_coroutine' => getenv('COROUTINES') === 'true', 'log_file' => '/dev/null']);
            $own = 0;
            $server->on('receive', function ($server, $fd) use (&$own) {
                $own = $fd;
                $server->send($fd, "sent\n");
                $server->shutdown();
            });
            $server->on('close', function ($server, $fd, $reactor) use (&$own) {
                if ($fd === $own) {
                    echo "closed, reactor $reactor\n";
                }
            });
            $server->on('workerStop', function () use (&$own) {
                if ($own > 0) {
                    echo "stopped\n";
                }
            });
            $server->start();
            PHP, env: ['COROUTINES' => $coroutines, 'WORKERS' => (string) $workers]);
        $client = connect_to($server->port, 20);
        fwrite($client, 'go');
        echo fgets($client);
        $server->wait();
        echo $server->output();
    }
}
?>
--EXPECT--
sent
closed, reactor -1
stopped
sent
closed, reactor -1
stopped
sent
closed, reactor -1
stopped
sent
closed, reactor -1
stopped
