--TEST--
Server: tasks, their results and messages between workers, of any type and size, in both modes
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    [, $mode, $coroutines] = $argv;
    $server = new Swoole\Server('127.0.0.1', 0, $mode === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
    $server->set([
        'worker_num' => 2,
        'task_worker_num' => 2,
        'enable_coroutine' => $coroutines === 'yes',
        'log_level' => SWOOLE_LOG_ERROR,
    ]);
    $server->on('receive', fn () => null);
    $server->on('task', function ($server, $id, $from, $data) {
        if ($data === 'finish') {
            $server->finish('by hand');
            return null;
        }
        if (isset($data['sleep'])) {
            usleep($data['sleep'] * 1000);
        }
        return is_string($data) ? strlen($data) : $data;
    });
    $server->on('finish', function ($server, $id, $data) {
        echo 'finish ', json_encode($data), "\n";
        $server->sendMessage(str_repeat('m', 2_000_000), 1);
    });
    $server->on('pipeMessage', function ($server, $from, $message) {
        if ($server->worker_id === 1) {
            $server->sendMessage(['heard', strlen($message)], 0);
            return;
        }
        echo "from $from: ", json_encode($message), "\n";
        $stats = $server->stats();
        echo json_encode([$stats['task_count'], $stats['tasking_num']]), "\n";
        $server->shutdown();
    });
    $server->on('workerStart', function ($server, $id) {
        if ($id !== 0) {
            return;
        }
        $data = ['hello', [1, ['two' => null]], 'finish', str_repeat('x', 3_000_000)];
        echo 'wait ', json_encode(array_map(fn ($data) => $server->taskwait($data, 5), $data)), "\n";
        echo 'late ', json_encode($server->taskwait(['sleep' => 200], 0.05)), "\n";
        echo 'multi ', json_encode($server->taskWaitMulti(['a', 'bb', ['c' => 3]], 5)), "\n";
        if (Co::getCid() > 0) {
            echo 'co ', json_encode($server->taskCo(['a', 'bb'], 5)), "\n";
        }
        echo 'wrong ', json_encode([@$server->task('x', 9), @$server->sendMessage('x', 0), @$server->sendMessage('x', 9)]), "\n";
        $server->task('callback', 1, function ($server, $id, $data) {
            echo 'callback ', json_encode($data), "\n";
            $server->task('the last one');
        });
    });
    $server->start();
    PHP;
foreach (['base yes', 'base no', 'process yes', 'process no'] as $kind) {
    echo "--- $kind\n", preg_replace('/^co .*\n/m', '', run_php($script, arguments: explode(' ', $kind))['out']);
}
?>
--EXPECT--
--- base yes
wait [5,[1,{"two":null}],"by hand",3000000]
late false
multi [1,2,{"c":3}]
wrong [false,false,false]
callback 8
finish 12
from 1: ["heard",2000000]
[12,0]
--- base no
wait [5,[1,{"two":null}],"by hand",3000000]
late false
multi [1,2,{"c":3}]
wrong [false,false,false]
callback 8
finish 12
from 1: ["heard",2000000]
[10,0]
--- process yes
wait [5,[1,{"two":null}],"by hand",3000000]
late false
multi [1,2,{"c":3}]
wrong [false,false,false]
callback 8
finish 12
from 1: ["heard",2000000]
[12,0]
--- process no
wait [5,[1,{"two":null}],"by hand",3000000]
late false
multi [1,2,{"c":3}]
wrong [false,false,false]
callback 8
finish 12
from 1: ["heard",2000000]
[10,0]
