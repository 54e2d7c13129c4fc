--TEST--
Server: nothing is lost and little is kept while a worker is busy and its clients send on
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    $server = new Swoole\Server('127.0.0.1', (int) $argv[1], SWOOLE_PROCESS);
    $server->set(['worker_num' => 1, 'enable_coroutine' => false, 'log_level' => SWOOLE_LOG_ERROR]);
    $total = 0;
    $server->on('receive', function ($server, $fd, $reactor, $data) use (&$total) {
        if ($total === 0) {
            // Until the client says that it is stuck.
            while (!file_exists(getenv('MARK'))) {
                usleep(1000);
            }
        }
        $total += strlen($data);
        if (str_ends_with($data, "\n")) {
            $master = (int) preg_replace('/.*VmHWM:\s*(\d+).*/s', '$1', file_get_contents("/proc/$server->master_pid/status"));
            $server->send($fd, json_encode([$total, $master < 150_000]) . "\n");
        }
    });
    $server->start();
    PHP;
$mark = sys_get_temp_dir() . '/steelwool-mark-' . getmypid();
$server = ServerProcess::start($script, env: ['MARK' => $mark]);
$socket = connect_to($server->port, 60);
stream_set_blocking($socket, false);
$data = str_repeat('x', 1 << 20);
$sent = 0;
// More than would be kept for the worker: the client is made to wait.
$stuck = microtime(true);
while ($sent < 100 << 20) {
    $count = (int) @fwrite($socket, $data);
    $sent += $count;
    if ($count > 0) {
        $stuck = microtime(true);
    } elseif (microtime(true) - $stuck > 1) {
        break;
    } else {
        usleep(1000);
    }
}
var_dump($sent < 100 << 20);
touch($mark);
stream_set_blocking($socket, true);
for ($left = (100 << 20) - $sent; $left > 0; $left -= $count) {
    $count = fwrite($socket, substr($data, 0, min($left, strlen($data))));
}
fwrite($socket, "\n");
echo fgets($socket);
unlink($mark);
?>
--EXPECT--
bool(true)
[104857601,true]
