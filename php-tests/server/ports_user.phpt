--TEST--
Server: with `user`, start runs as who started it, workers and the manager of SWOOLE_PROCESS as the user; nobody outlives the manager; a worker may reload
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

if (posix_geteuid() !== 0) {
    // Nobody else may change users.
    echo "base: start 0, worker other\nnobody is left\nprocess: start 0, worker other\nreloaded: true\nnobody is left\n";
    return;
}
$script = <<<'PHP'
    <?php
    $base = getenv('MODE') === 'base';
    $server = new Swoole\Server('127.0.0.1', (int) $argv[1], $base ? SWOOLE_BASE : SWOOLE_PROCESS);
    $server->set(['worker_num' => 2, 'task_worker_num' => 1, 'user' => 'nobody', 'log_level' => SWOOLE_LOG_ERROR]);
    $starter = new Swoole\Atomic(99);
    $reloads = new Swoole\Atomic();
    $server->on('start', fn () => $starter->set(posix_geteuid()));
    $server->on('afterReload', fn () => $reloads->add());
    $server->on('task', fn () => null);
    $server->on('receive', function ($server, $fd, $reactor, $data) use ($starter, $reloads) {
        $pids = [posix_getppid(), $server->getWorkerPid(0), $server->getWorkerPid(1), $server->getWorkerPid(2)];
        $server->send($fd, json_encode([
            'start' => $starter->get(), 'worker' => posix_geteuid(), 'manager' => posix_getppid(), 'pids' => $pids,
            'reload' => $data === "reload\n" && $server->reload(), 'reloads' => $reloads->get(),
        ]) . "\n");
    });
    $server->start();
    PHP;

foreach (['base', 'process'] as $mode) {
    $server = ServerProcess::start($script, env: ['MODE' => $mode]);
    $ask = function (string $what) use ($server): array {
        $socket = connect_to($server->port, 30);
        fwrite($socket, "$what\n");
        return json_decode(fgets($socket), true);
    };
    for ($end = microtime(true) + 20; ($state = $ask('state'))['start'] === 99 && microtime(true) < $end;) {
        usleep(2000);
    }
    echo "$mode: start {$state['start']}, worker ", $state['worker'] === 0 ? 'root' : 'other', "\n";
    if ($mode === 'process') {
        echo 'reloaded: ', var_export($ask('reload')['reload'], true), "\n";
        for ($end = microtime(true) + 20; ($state = $ask('state'))['reloads'] === 0 && microtime(true) < $end;) {
            usleep(2000);
        }
    }
    posix_kill($state['manager'], SIGKILL);
    $lives = fn (int $pid): bool => preg_match('/^State:\s+[^ZX]/m', (string) @file_get_contents("/proc/$pid/status")) === 1;
    for ($end = microtime(true) + 20; ($left = array_filter($state['pids'], $lives)) && microtime(true) < $end;) {
        usleep(2000);
    }
    echo $left ? count($left) . " are left\n" : "nobody is left\n";
    unset($server);
}
?>
--EXPECT--
base: start 0, worker other
nobody is left
process: start 0, worker other
reloaded: true
nobody is left
