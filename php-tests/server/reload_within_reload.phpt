--TEST--
Server: reload() in the manager returns false while a reload is under way, and true again when it is over
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

foreach (['SWOOLE_BASE', 'SWOOLE_PROCESS'] as $mode) {
    echo "$mode\n";
    $output = run_php(<<<'PHP'
        $server = new Swoole\Server('127.0.0.1', 0, constant(getenv('MODE')));
        $server->set(['worker_num' => 2, 'task_worker_num' => 1, 'log_file' => '/dev/null', 'max_wait_time' => 1]);
        $server->on('receive', fn () => null);
        $server->on('task', fn () => null);
        $server->on('managerStart', function ($server) {
            echo 'first: ';
            var_dump($server->reload());
            echo 'second: ';
            var_dump($server->reload(true));
        });
        $server->on('beforeReload', function ($server) {
            echo 'before: ';
            var_dump($server->reload());
        });
        $reloads = 0;
        $server->on('afterReload', function ($server) use (&$reloads) {
            if (++$reloads === 2) {
                return $server->shutdown();
            }
            echo 'after: ';
            var_dump($server->reload(true));
        });
        $server->start();
        PHP, env: ['MODE' => $mode])['out'];
    echo $output;
}
?>
--EXPECT--
SWOOLE_BASE
first: bool(true)
second: bool(false)
before: bool(false)
after: bool(true)
before: bool(false)
SWOOLE_PROCESS
first: bool(true)
second: bool(false)
before: bool(false)
after: bool(true)
before: bool(false)
