--TEST--
Server: what sendto() takes, and what the last error is behind it and behind tasks that take too long
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    $server = new Swoole\Server('127.0.0.1', 0, SWOOLE_BASE, SWOOLE_SOCK_UDP);
    $server->set(['worker_num' => 1, 'task_worker_num' => 1, 'enable_coroutine' => (bool) $argv[1], 'log_level' => SWOOLE_LOG_ERROR]);
    $server->on('packet', function ($server, $data) {
        echo "heard $data\n";
        $server->shutdown();
    });
    // It ends when a file of this name is there.
    $server->on('task', function ($server, $id, $from, $file) {
        while (!file_exists($file)) {
            usleep(1000);
            clearstatcache();
        }
        return true;
    });
    $server->on('workerStart', function ($server, $id) {
        if ($id !== 0) {
            return;
        }
        $tell = function ($what, $result) {
            echo $what, ' ', json_encode($result), ' ', swoole_last_error(), "\n";
            swoole_clear_error();
        };
        $tell('no host', $server->sendto('no.such.host.invalid', $server->port, 'x'));
        $tell('port', $server->sendto('127.0.0.1', 65536 + $server->port, 'x'));
        $tell('no port', $server->sendto('127.0.0.1', -1, 'x'));
        $file = tempnam(sys_get_temp_dir(), 'steelwool');
        unlink($file);
        if (Co::getCid() > 0) {
            $tell('nothing', $server->taskCo([]));
        } else {
            $tell('too late', $server->taskwait($file, 0.01));
            $tell('nothing', $server->taskWaitMulti([]));
        }
        touch($file);
        echo 'in time ', json_encode($server->taskwait($file, 20)), "\n";
        swoole_clear_error();
        unlink($file);
        $tell('name', $server->sendto('localhost', $server->port, 'by name'));
    });
    $server->start();
    PHP;
foreach ([0, 1] as $coroutines) {
    $end = run_php(preg_replace('/^    /m', '', $script), seconds: 60.0, arguments: [(string) $coroutines]);
    echo $end['out'], "exit code {$end['code']}\n";
}
?>
--EXPECT--
no host false 711
port false 723
no port false 723
too late false 6002
nothing false 2002
in time true
name true 0
heard by name
exit code 0
no host false 711
port false 723
no port false 723
nothing false 2002
in time true
name true 0
heard by name
exit code 0
