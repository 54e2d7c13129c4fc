--TEST--
A worker in which a coroutine waits for SIGTERM goes on until that coroutine ends it
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

foreach (['SWOOLE_PROCESS', 'SWOOLE_BASE'] as $mode) {
    $server = ServerProcess::start(<<<'PHP'
        <?php
        use Swoole\Coroutine\{Channel, System};
        use Swoole\Http\{Request, Response, Server};
        $server = new Server('127.0.0.1', (int) $argv[1], constant(getenv('MODE')));
        $server->set(['worker_num' => 1, 'task_worker_num' => 1, 'max_wait_time' => 60, 'log_level' => SWOOLE_LOG_NONE]);
        $server->on('task', static fn () => null);
        $server->on('workerStart', static function (Server $server) use (&$told): void {
            $told = new Channel(1);
            $server->taskworker || go(static function () use ($told): void {
                System::waitSignal(SIGTERM);
                $told->push('told');
            });
        });
        $server->on('request', static function (Request $request, Response $response) use ($server, &$told): void {
            switch ($request->server['request_uri']) {
                case '/told':
                    posix_kill(getmypid(), SIGTERM);
                    $response->end($told->pop());
                    break;
                case '/stop':
                    $response->end('stops');
                    $server->stop();
                    break;
                default:
                    $response->end((string) getmypid());
            }
        });
        $server->start();
        PHP, env: ['MODE' => $mode]);
    $ask = static fn (string $path) => @file_get_contents("http://127.0.0.1:$server->port$path");
    $first = $ask('/');
    echo $mode, ': ', $ask('/told'), "\n";
    var_dump($ask('/') === $first, $ask('/') === $first);
    echo $ask('/stop'), "\n";
    $until = microtime(true) + 30;
    do {
        $next = $ask('/');
    } while (($next === false || $next === $first) && microtime(true) < $until);
    var_dump($next !== false && $next !== $first);
    $server->stop();
}
?>
--EXPECT--
SWOOLE_PROCESS: told
bool(true)
bool(true)
stops
bool(true)
SWOOLE_BASE: told
bool(true)
bool(true)
stops
bool(true)
