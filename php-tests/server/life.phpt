--TEST--
Server: the events of a server's life, in order and in the right process, in both modes
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    [, $mode, $workers, $tasks] = $argv;
    $first = getmypid();
    $server = new Swoole\Server('127.0.0.1', 0, $mode === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
    $server->set(['worker_num' => (int) $workers, 'task_worker_num' => (int) $tasks, 'log_level' => SWOOLE_LOG_ERROR]);
    $say = function (string $event, $server, ...$arguments) use ($first) {
        $own = getmypid();
        $who = match ($own) {
            $server->master_pid => 'master',
            $server->manager_pid => 'manager',
            default => 'other',
        };
        fwrite(STDOUT, sprintf(
            "%s(%s): %s%s, worker %d%s, in a coroutine: %s\n",
            $event,
            implode(', ', $arguments),
            $who,
            $own === $first ? ' and first' : '',
            $server->worker_id,
            $server->taskworker ? ' for tasks' : '',
            json_encode(Co::getCid() > 0)
        ));
    };
    foreach (['start', 'beforeShutdown', 'shutdown', 'managerStart', 'managerStop', 'workerStart', 'workerStop'] as $event) {
        $server->on($event, fn (...$arguments) => $say($event, ...$arguments));
    }
    $server->on('start', function ($server) use ($say) {
        $say('start', $server);
        Swoole\Timer::after(150, fn () => $server->shutdown());
    });
    $server->on('receive', fn () => null);
    $server->on('task', fn () => null);
    $returned = $server->start();
    echo 'returned ', json_encode($returned), "\n";
    PHP;
foreach (['base 1 0', 'base 2 1', 'process 1 0', 'process 1 1'] as $kind) {
    $lines = explode("\n", trim(run_php($script, arguments: explode(' ', $kind))['out']));
    // Starts and ends of different processes race; each kind of event comes as often as it should, and the end is in order.
    $begin = preg_grep('/Start|^start/', $lines);
    sort($begin);
    echo "--- $kind\n", implode("\n", $begin), "\n", implode("\n", preg_grep('/^(beforeShutdown|managerStop|shutdown|returned)/', $lines)), "\n";
    $stops = preg_grep('/^workerStop/', $lines);
    echo count($stops), ' workers stopped, before the manager: ', json_encode(
        !preg_grep('/^managerStop/', $lines) || max(array_keys($stops)) < array_key_first(preg_grep('/^managerStop/', $lines))
    ), "\n";
}
?>
--EXPECT--
--- base 1 0
start(): master and first, worker -1, in a coroutine: true
workerStart(0): master and first, worker 0, in a coroutine: true
beforeShutdown(): master and first, worker 0, in a coroutine: true
shutdown(): master and first, worker 0, in a coroutine: false
returned true
1 workers stopped, before the manager: true
--- base 2 1
managerStart(): manager and first, worker -1, in a coroutine: false
start(): master, worker -1, in a coroutine: true
workerStart(0): master, worker 0, in a coroutine: true
workerStart(1): other, worker 1, in a coroutine: true
workerStart(2): other, worker 2 for tasks, in a coroutine: false
beforeShutdown(): master, worker 0, in a coroutine: true
managerStop(): manager and first, worker -1, in a coroutine: false
shutdown(): manager and first, worker -1, in a coroutine: false
returned true
3 workers stopped, before the manager: true
--- process 1 0
managerStart(): manager, worker -1, in a coroutine: false
start(): master and first, worker -1, in a coroutine: true
workerStart(0): other, worker 0, in a coroutine: true
beforeShutdown(): master and first, worker -1, in a coroutine: true
managerStop(): manager, worker -1, in a coroutine: false
shutdown(): master and first, worker -1, in a coroutine: false
returned true
1 workers stopped, before the manager: true
--- process 1 1
managerStart(): manager, worker -1, in a coroutine: false
start(): master and first, worker -1, in a coroutine: true
workerStart(0): other, worker 0, in a coroutine: true
workerStart(1): other, worker 1 for tasks, in a coroutine: false
beforeShutdown(): master and first, worker -1, in a coroutine: true
managerStop(): manager, worker -1, in a coroutine: false
shutdown(): master and first, worker -1, in a coroutine: false
returned true
2 workers stopped, before the manager: true
