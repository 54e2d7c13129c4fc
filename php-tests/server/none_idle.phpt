--TEST--
Server: the log says once a second at most that all workers, or all task workers, are busy
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$code = <<<'PHP'
    $server = new Swoole\Http\Server('127.0.0.1', (int) $argv[1], getenv('MODE') === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
    $server->set([
        'worker_num' => 2, 'task_worker_num' => 2, 'dispatch_mode' => (int) getenv('DISPATCH'),
        'enable_coroutine' => false, 'log_date_format' => '%S',
    ]);
    $begun = new Swoole\Atomic();
    $work = function () use ($begun): void {
        $begun->add();
        file_put_contents(getenv('BEGUN'), 'x', FILE_APPEND);
        usleep(500_000);
    };
    $server->on('task', $work);
    $server->on('finish', fn () => null);
    $server->on('request', function ($request, $response) use ($server, $work, $begun) {
        if ($request->server['path_info'] === '/') {
            $work();
        }
        for ($i = 1; $request->server['path_info'] === '/tasks' && $i <= 8; $i++) {
            $server->task($i);
            for ($waits = 0; $begun->get() < min($i, 2) && $waits < 5000; $waits++) {
                usleep(1000);
            }
        }
        $response->end();
    });
    $server->start();
    PHP;
$log = function (string $path, int $count, string $mode, int $dispatch) use ($code): void {
    $begun = tempnam(sys_get_temp_dir(), 'steelwool');
    $server = ServerProcess::start($code, env: ['MODE' => $mode, 'DISPATCH' => (string) $dispatch, 'BEGUN' => $begun]);
    $clients = [];
    for ($i = 1; $i <= $count; $i++) {
        fwrite($clients[] = connect_to($server->port, 20), "GET $path HTTP/1.1\r\nHost: x\r\n\r\n");
        // Two that work are all that there are.
        for ($waits = 0; $path === '/' && $dispatch === 3 && $mode === 'process' && filesize($begun) < min($i, 2) && $waits < 5000; $waits++) {
            usleep(1000);
            clearstatcache();
        }
    }
    array_map('read_response', $clients);
    $line = '~No idle~';
    for ($i = 0; $i < 200 && !preg_match($line, $server->output()); $i++) {
        usleep(10_000);
    }
    $server->stop();
    unlink($begun);
    preg_match_all('~^\[(\d+) ([#*])\d+\.\d+\]\t(WARNING\t.*No idle.*)$~m', $server->output(), $found);
    $lines = array_unique(array_map(fn ($who, $words) => "$who $words", $found[2], $found[3]));
    $most = max([0, ...array_count_values($found[1])]);
    echo "$mode, $dispatch, $path: ", $lines ? implode("\n", $lines) : 'nothing', ', ', $most > 1 ? "$most in a second" : 'not often', "\n";
};
// Requests for two seconds and more, tasks for as long.
$log('/', 8, 'process', 3);
$log('/', 4, 'process', 2);
$log('/', 4, 'base', 3);
$log('/tasks', 1, 'process', 2);
$log('/tasks', 1, 'base', 2);
?>
--EXPECT--
process, 3, /: # WARNING	Server::timer_callback() (ERRNO 9007): No idle worker is available, not often
process, 2, /: nothing, not often
base, 3, /: nothing, not often
process, 2, /tasks: # WARNING	Server::timer_callback() (ERRNO 9007): No idle task worker is available, not often
base, 2, /tasks: * WARNING	Server::timer_callback() (ERRNO 9007): No idle task worker is available, not often
