--TEST--
Server: a worker that crashes, is stopped or is reloaded is replaced; nobody outlives a master that is killed
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    [, $mode, $what, $file] = $argv;
    $server = new Swoole\Server('127.0.0.1', 0, $mode === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
    $server->set(['worker_num' => 2, 'log_file' => '/dev/null', 'max_wait_time' => 1]);
    $server->on('receive', fn () => null);
    $server->on('beforeReload', fn () => print("before\n"));
    $server->on('afterReload', function ($server) {
        echo "after\n";
        $server->shutdown();
    });
    $server->on('workerError', function ($server, $id, $pid, $code, $signal) {
        echo "error of worker $id: $code, $signal\n";
    });
    $starts = new Swoole\Atomic();
    $server->on('workerStart', function ($server, $id) use ($what, $starts, $file) {
        file_put_contents($file, getmypid() . "\n", FILE_APPEND);
        // After a reload the server may end before its new workers have begun.
        // The second worker to start does it; whoever comes third takes its place.
        match ($starts->add()) {
            2 => Swoole\Timer::after(20, match ($what) {
                'kill' => fn () => posix_kill(getmypid(), SIGKILL),
                'exit' => function () {
                    register_shutdown_function(fn () => exit(7));
                    trigger_error('over', E_USER_ERROR);
                },
                'stop' => fn () => $server->stop(),
                'reload' => fn () => $server->reload(),
                'hang' => function () use ($server) {
                    $server->reload();
                    while (true) {
                    }
                },
                'orphans' => fn () => posix_kill($server->manager_pid === posix_getppid() ? $server->master_pid : 0, SIGKILL),
            }),
            3 => in_array($what, ['kill', 'exit', 'stop'], true) && Swoole\Timer::after(20, fn () => $server->shutdown()),
            default => null,
        };
    });
    $server->on('shutdown', fn () => print("shutdown\n"));
    ini_set('display_errors', '0');
    $server->start();
    PHP;
foreach (['base', 'process'] as $mode) {
    foreach (['kill', 'exit', 'stop', 'reload', 'hang', 'orphans'] as $what) {
        if ($mode === 'base' && $what === 'orphans') {
            continue;
        }
        $file = tempnam(sys_get_temp_dir(), 'steelwool');
        $output = run_php($script, arguments: [$mode, $what, $file], seconds: 60)['out'];
        $pids = array_map('intval', file($file));
        $limit = microtime(true) + 20;
        while (($left = array_filter($pids, fn ($pid) => posix_kill($pid, 0))) && microtime(true) < $limit) {
            usleep(10000);
        }
        unlink($file);
        $output = preg_replace('/worker \d/', 'worker', $output);
        echo "$mode $what: ", json_encode(explode("\n", trim($output))), ', starts: ', min(count($pids), in_array($what, ['reload', 'hang'], true) ? 2 : 3), ', left: ', count($left), "\n";
    }
}
?>
--EXPECT--
base kill: ["error of worker: 0, 9","shutdown"], starts: 3, left: 0
base exit: ["error of worker: 7, 0","shutdown"], starts: 3, left: 0
base stop: ["shutdown"], starts: 3, left: 0
base reload: ["before","after","shutdown"], starts: 2, left: 0
base hang: ["before","error of worker: 0, 9","after","shutdown"], starts: 2, left: 0
process kill: ["error of worker: 0, 9","shutdown"], starts: 3, left: 0
process exit: ["error of worker: 7, 0","shutdown"], starts: 3, left: 0
process stop: ["shutdown"], starts: 3, left: 0
process reload: ["before","after","shutdown"], starts: 2, left: 0
process hang: ["before","error of worker: 0, 9","after","shutdown"], starts: 2, left: 0
process orphans: [""], starts: 2, left: 0
