--TEST--
Server: dispatch modes 8 and 9 go to the worker with the fewest coroutines
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

foreach ([SWOOLE_DISPATCH_CO_CONN_LB, SWOOLE_DISPATCH_CO_REQ_LB] as $mode) {
    $server = ServerProcess::start(<<<'PHP'
        $server = new Swoole\Http\Server('127.0.0.1', (int) getenv('PORT'), SWOOLE_PROCESS);
        $server->set(['worker_num' => 3, 'dispatch_mode' => (int) getenv('MODE'), 'log_file' => '/dev/null']);
        $server->on('request', static function ($request, $response) use ($server): void {
            $response->write("worker $server->worker_id");
            // it stays until the client goes
            while ($response->write(' ')) {
                Swoole\Coroutine::sleep(0.05);
            }
        });
        $server->start();
        PHP, env: ['MODE' => (string) $mode]);
    $clients = $workers = [];
    $end = microtime(true) + 30;
    // Workers tell how many they have when they have nothing else to do, so that a request may come too early for that.
    while (count($workers) < 3 && microtime(true) < $end) {
        $clients[] = $client = connect_to($server->port, 30);
        fwrite($client, request_bytes());
        while (!preg_match('/worker \d/', (string) fgets($client), $worker)) {
        }
        $workers[$worker[0]] = true;
    }
    ksort($workers);
    echo implode(', ', array_keys($workers)), "\n";
    $server->kill();
}
?>
--EXPECT--
worker 0, worker 1, worker 2
worker 0, worker 1, worker 2
