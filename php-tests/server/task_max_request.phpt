--TEST--
Server: task workers are replaced after task_max_request tasks, and none is lost
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    [, $mode, $coroutines] = $argv;
    $started = new Swoole\Atomic();
    $most = new Swoole\Atomic();
    $server = new Swoole\Server('127.0.0.1', 0, $mode === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
    $server->set([
        'worker_num' => 1,
        'task_worker_num' => 2,
        'task_max_request' => 50,
        'task_max_request_grace' => 0,
        'task_enable_coroutine' => $coroutines === 'yes',
        'log_level' => SWOOLE_LOG_ERROR,
    ]);
    $server->on('receive', fn () => null);
    $done = 0;
    $server->on('task', function ($server, $task, $from = 0, $data = null) use (&$done, $most) {
        if (++$done > $most->get()) {
            $most->set($done);
        }
        is_object($task) ? $task->finish($task->data) : $server->finish($data);
    });
    $sum = $count = 0;
    $server->on('finish', function ($server, $id, $data) use (&$sum, &$count, $started, $most) {
        $sum += $data;
        if (++$count === 500) {
            // 500 tasks, of which each process does about 50: those that are on their way to it belong to it.
            echo $sum, ' ', json_encode([$started->get() >= 8, $most->get() < 200]), "\n";
            $server->shutdown();
        }
    });
    $server->on('workerStart', function ($server, $id) use ($started) {
        if ($server->taskworker) {
            return $started->add();
        }
        for ($number = 1; $number <= 500; $number++) {
            $server->task($number);
        }
    });
    $server->start();
    PHP;
foreach (['base no', 'process no', 'base yes', 'process yes'] as $kind) {
    echo "$kind: ", run_php($script, arguments: explode(' ', $kind))['out'];
}
?>
--EXPECT--
base no: 125250 [true,true]
process no: 125250 [true,true]
base yes: 125250 [true,true]
process yes: 125250 [true,true]
