--TEST--
Server: tasks by message queues, chosen and shared, from the server and from outside
--SKIPIF--
<?php extension_loaded('sysvmsg') || die('skip sysvmsg is not there'); ?>
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    [, $mode, $ipc, $key, $folder] = $argv;
    $server = new Swoole\Server('127.0.0.1', 0, $mode === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
    $server->set([
        'worker_num' => 1,
        'task_worker_num' => 2,
        'task_ipc_mode' => (int) $ipc,
        'message_queue_key' => (int) $key,
        'task_tmpdir' => $folder,
        'log_file' => "$folder/log",
    ]);
    $server->on('receive', fn () => null);
    $server->on('task', function ($server, $id, $from, $data) {
        if (is_array($data) && isset($data['outside'])) {
            echo 'outside ', strlen($data['outside']), "\n";
            $server->sendMessage('outside', 0);
            return null;
        }
        return is_string($data) ? strlen($data) : $data;
    });
    $server->on('finish', function ($server, $id, $data) use ($key) {
        echo 'finish ', json_encode($data), "\n";
        $queue = msg_get_queue((int) $key);
        // For task worker 1, whose number is 2: by what any program can send.
        msg_send($queue, 3, 'nonsense', false);
        msg_send($queue, 3, Swoole\Server\Task::pack(['outside' => str_repeat('o', 50_000)]), false);
    });
    $server->on('pipeMessage', function ($server, $from, $message) {
        $stats = $server->stats();
        echo json_encode([$stats['task_count'], $stats['tasking_num'], $stats['task_queue_num']]), "\n";
        $server->shutdown();
    });
    $server->on('workerStart', function ($server, $id) {
        if ($id !== 0) {
            return;
        }
        $data = ['hello', [1, ['two' => null]], str_repeat('x', 3_000_000)];
        echo 'wait ', json_encode(array_map(fn ($data) => $server->taskwait($data, 20), $data)), "\n";
        echo 'multi ', json_encode($server->taskWaitMulti(['a', 'bb', ['c' => 3]], 20)), "\n";
        foreach (range(1, 300) as $number) {
            $many[] = str_repeat('m', 1000 + $number);
        }
        echo 'many ', array_sum($server->taskWaitMulti($many, 20)), "\n";
        $server->task('the last one');
    });
    $server->start();
    PHP;
foreach (['base 2', 'base 3', 'process 2', 'process 3'] as $kind) {
    do {
        $key = random_int(0x10000000, 0x6fffffff);
    } while (msg_queue_exists($key));
    mkdir($folder = sys_get_temp_dir() . "/steelwool-$key");
    echo "--- $kind\n", run_php($script, arguments: [...explode(' ', $kind), (string) $key, $folder])['out'];
    echo substr_count(file_get_contents("$folder/log"), 'bad task packet'), " bad\n";
    unlink("$folder/log");
    // Nothing is left.
    rmdir($folder);
    // It is kept for the next start of the server.
    var_dump(msg_queue_exists($key) && msg_remove_queue(msg_get_queue($key)));
}
?>
--EXPECT--
--- base 2
wait [5,[1,{"two":null}],3000000]
multi [1,2,{"c":3}]
many 345150
finish 12
outside 50000
[307,0,0]
1 bad
bool(true)
--- base 3
wait [5,[1,{"two":null}],3000000]
multi [1,2,{"c":3}]
many 345150
finish 12
outside 50000
[307,0,0]
1 bad
bool(true)
--- process 2
wait [5,[1,{"two":null}],3000000]
multi [1,2,{"c":3}]
many 345150
finish 12
outside 50000
[307,0,0]
1 bad
bool(true)
--- process 3
wait [5,[1,{"two":null}],3000000]
multi [1,2,{"c":3}]
many 345150
finish 12
outside 50000
[307,0,0]
1 bad
bool(true)
