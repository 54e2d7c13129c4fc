--TEST--
Server: a request in work is answered before its worker ends, by SIGTERM, by a reload or by max_request
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

foreach ([SWOOLE_BASE, SWOOLE_PROCESS] as $mode) {
    foreach (['SIGTERM' => 1, 'SIGUSR1' => 2, 'max_request' => 1] as $how => $workers) {
        $server = ServerProcess::start(<<<'PHP'
            $server = new Swoole\Http\Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'));
            $server->set([
                'worker_num' => (int) getenv('WORKERS'),
                'max_wait_time' => 60,
                'max_request' => (int) getenv('MOST'),
                'log_file' => '/dev/null',
            ]);
            $ends = false;
            $server->on('workerExit', static function () use (&$ends): void {
                $ends = true;
            });
            $server->on('request', static function ($request, $response) use (&$ends): void {
                echo "begins\n";
                while (!$ends) {
                    Swoole\Coroutine::sleep(0.01);
                }
                $response->end('answered');
            });
            $server->start();
            PHP, env: ['MODE' => (string) $mode, 'WORKERS' => (string) $workers, 'MOST' => $how === 'max_request' ? '1' : '0']);
        $client = connect_to($server->port, 30);
        fwrite($client, request_bytes());
        $server->waitForOutput('begins', 30);
        if (defined($how)) {
            $server->send(constant($how));
        }
        echo $how, ': ', read_response($client)['body'] ?? 'none', "\n";
        $server->stop();
    }
}
?>
--EXPECT--
SIGTERM: answered
SIGUSR1: answered
max_request: answered
SIGTERM: answered
SIGUSR1: answered
max_request: answered
