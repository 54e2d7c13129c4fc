--TEST--
Server: a manager whose script listens to SIGINT goes on, and tasks that it hands out come from worker 0
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    $server = new Swoole\Server('127.0.0.1', (int) $argv[1], getenv('MODE') === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
    $server->set(['worker_num' => 2, 'task_worker_num' => 1, 'task_use_object' => true, 'log_level' => SWOOLE_LOG_ERROR]);
    $heard = new Swoole\Atomic();
    $from = new Swoole\Atomic(99);
    $manager = new Swoole\Atomic();
    $server->on('managerStart', function ($server) use ($heard, $manager) {
        $manager->set(getmypid());
        if (!Swoole\Process::signal(SIGINT, fn (int $number) => $heard->add($number))) {
            echo "refused\n";
        }
        $server->task('hello');
    });
    $server->on('task', fn ($server, $task) => $from->set($task->worker_id));
    $server->on('receive', function ($server, $fd, $reactor, $data) use ($heard, $from, $manager) {
        if ($data === "interrupt\n") {
            posix_kill($manager->get(), SIGINT);
        }
        $server->send($fd, json_encode(['heard' => $heard->get(), 'from' => $from->get(), 'manager' => $manager->get() > 0]) . "\n");
    });
    $server->start();
    PHP;

foreach (['base', 'process'] as $mode) {
    $server = ServerProcess::start($script, env: ['MODE' => $mode]);
    $socket = connect_to($server->port, 30);
    $ask = function (string $what) use ($socket): array {
        fwrite($socket, "$what\n");
        return json_decode(fgets($socket), true);
    };
    $until = function (callable $holds) use ($ask): array {
        for ($end = microtime(true) + 20; !$holds($state = $ask('state')) && microtime(true) < $end;) {
            usleep(2000);
        }
        return $state;
    };
    $state = $until(fn ($state) => $state['from'] !== 99 && $state['manager']);
    echo "$mode: a task from {$state['from']}, ";
    $ask('interrupt');
    $state = $until(fn ($state) => $state['heard'] === SIGINT);
    echo "heard {$state['heard']}\n";
    unset($server);
}
?>
--EXPECT--
base: a task from 0, heard 2
process: a task from 0, heard 2
