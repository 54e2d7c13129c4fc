--TEST--
exit() in a server's processes throws Swoole\ExitException, without coroutines too; behind the server it ends the process
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    use Swoole\{ExitException, Http\Request, Http\Response, Http\Server, Timer};
    $attempt = static function (string $where): string {
        try {
            exit(3);
        } catch (ExitException $e) {
            return "$where: {$e->getMessage()} {$e->getStatus()} {$e->getFlags()}\n";
        } finally {
            if ($where === 'start') {
                echo "finally\n";
            }
        }
    };
    $server = new Server('127.0.0.1', (int) $argv[1], (int) getenv('MODE'));
    $server->set(['worker_num' => 1, 'task_worker_num' => 1, 'enable_coroutine' => getenv('COROUTINES') === 'yes', 'log_level' => SWOOLE_LOG_NONE]);
    $server->on('start', static fn () => print($attempt('start')));
    $told = '';
    $server->on('workerStart', static function (Server $server, int $id) use ($attempt, &$told): void {
        $told .= $attempt('workerStart');
        Timer::after(1, static function () use ($attempt, &$told): void {
            $told .= $attempt('timer');
        });
    });
    $server->on('task', static fn () => $attempt('task'));
    $server->on('finish', static fn () => null);
    $server->on('request', static function (Request $request, Response $response) use ($server, $attempt, &$told): void {
        match ($request->server['request_uri']) {
            '/told' => $response->end($told . $attempt('request') . $server->taskwait(1)),
            '/exit' => exit(3),
            '/text' => exit('not shown'),
        };
    });
    $server->start();
    echo "behind it\n";
    exit(5);
    PHP;
foreach ([SWOOLE_PROCESS, SWOOLE_BASE] as $mode) {
    foreach (['no', 'yes'] as $coroutines) {
        echo "-- mode $mode, coroutines: $coroutines\n";
        $server = ServerProcess::start($script, ['display_errors' => '0', 'log_errors' => '0'], ['MODE' => (string) $mode, 'COROUTINES' => $coroutines]);
        $server->waitForOutput('start:');
        for ($turn = 0; $turn < 100 && !str_contains(http_request($server->port, '/told')['body'], 'timer'); $turn++) {
            usleep(20_000);
        }
        foreach (['/told', '/exit', '/text', '/told'] as $path) {
            $reply = http_request($server->port, $path);
            echo $path, ' ', $reply['status'], "\n", $path === '/told' ? $reply['body'] : '';
        }
        echo $server->stop(), 'code ', $server->wait(), "\n";
    }
}
--EXPECT--
-- mode 2, coroutines: no
/told 200
workerStart: swoole exit 3 4
timer: swoole exit 3 4
request: swoole exit 3 4
task: swoole exit 3 4
/exit 500
/text 500
/told 200
workerStart: swoole exit 3 4
timer: swoole exit 3 4
request: swoole exit 3 4
task: swoole exit 3 4
finally
start: swoole exit 3 4
behind it
code 5
-- mode 2, coroutines: yes
/told 200
workerStart: swoole exit 3 6
timer: swoole exit 3 6
request: swoole exit 3 6
task: swoole exit 3 4
/exit 500
/text 500
/told 200
workerStart: swoole exit 3 6
timer: swoole exit 3 6
request: swoole exit 3 6
task: swoole exit 3 4
finally
start: swoole exit 3 6
behind it
code 5
-- mode 1, coroutines: no
/told 200
workerStart: swoole exit 3 4
timer: swoole exit 3 4
request: swoole exit 3 4
task: swoole exit 3 4
/exit 500
/text 500
/told 200
workerStart: swoole exit 3 4
timer: swoole exit 3 4
request: swoole exit 3 4
task: swoole exit 3 4
finally
start: swoole exit 3 4
behind it
code 5
-- mode 1, coroutines: yes
/told 200
workerStart: swoole exit 3 6
timer: swoole exit 3 6
request: swoole exit 3 6
task: swoole exit 3 4
/exit 500
/text 500
/told 200
workerStart: swoole exit 3 6
timer: swoole exit 3 6
request: swoole exit 3 6
task: swoole exit 3 4
finally
start: swoole exit 3 6
behind it
code 5
