--TEST--
A worker that ends itself when max_wait_time is over is not killed in the same moment: onWorkerStop runs, nobody's request is lost
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

foreach (['SWOOLE_BASE', 'SWOOLE_PROCESS'] as $mode) {
    $told = tempnam(sys_get_temp_dir(), 'told');
    $server = ServerProcess::start(<<<'PHP'
        <?php
        use Swoole\Coroutine\System;
        use Swoole\Http\{Request, Response, Server};
        $server = new Server('127.0.0.1', (int) $argv[1], constant(getenv('MODE')));
        $server->set(['worker_num' => 3, 'max_wait_time' => 1, 'log_level' => SWOOLE_LOG_NONE]);
        $started = new Swoole\Atomic();
        $server->on('workerStart', static function (Server $server, int $id) use ($started): void {
            if ($id === 2) {
                // As a framework that spends all of its time before it stops.
                go(static function () use ($server): void {
                    System::waitSignal(SIGTERM);
                    System::sleep(1);
                    $server->stop();
                });
            } else {
                go(static fn () => System::sleep(600));
            }
            $started->add();
        });
        $server->on('workerStop', static function (Server $server, int $id): void {
            file_put_contents(getenv('TOLD'), $id, FILE_APPEND);
        });
        $server->on('request', static function (Request $request, Response $response) use ($server, $started): void {
            if ($request->server['request_uri'] === '/reload') {
                while ($started->get() % 3) {
                    System::sleep(0.01);
                }
                $server->reload();
            }
            $response->end('here');
        });
        $server->start();
        PHP, env: ['MODE' => $mode, 'TOLD' => $told]);
    $lost = 0;
    for ($reload = 0; $reload < 2; $reload++) {
        $path = 'reload';
        for ($until = microtime(true) + 2.5; microtime(true) < $until; $path = '') {
            $lost += @file_get_contents("http://127.0.0.1:$server->port/$path") !== 'here';
        }
    }
    $ends = str_split(file_get_contents($told));
    sort($ends);
    echo "$mode: ", implode(' ', $ends), ", lost: $lost\n";
    $server->stop();
    unlink($told);
}
?>
--EXPECT--
SWOOLE_BASE: 0 0 1 1 2 2, lost: 0
SWOOLE_PROCESS: 0 0 1 1 2 2, lost: 0
