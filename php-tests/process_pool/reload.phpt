--TEST--
SIGUSR1 replaces every worker, one after the other; one that does not end in time is killed
--FILE--
<?php

declare(strict_types=1);

use Swoole\Atomic;
use Swoole\Process;
use Swoole\Process\Pool;
use Swoole\Timer;

Swoole\Coroutine::set(['log_level' => SWOOLE_LOG_NONE]);
$started = new Atomic(0);
$stubborn = new Atomic(0);
$pool = new Pool(3);
$pool->set(['max_wait_time' => 1]);
$pool->on('workerStart', static function (Pool $pool, int $id) use ($started, $stubborn): void {
    if ($id === 1 && $stubborn->cmpset(0, 1)) {
        pcntl_async_signals(true);
        pcntl_signal(SIGTERM, static fn () => null);
    }
    if ($started->add() === 3) {
        Process::kill($pool->master_pid, SIGUSR1);
    }
    while ($started->get() < 6) {
        usleep(1000);
    }
    $pool->shutdown();
    sleep(10);
});
$began = microtime(true);
$pool->start();
echo $started->get() >= 6 ? "all replaced\n" : "{$started->get()}\n";
var_dump(microtime(true) - $began < 5, Process::wait(false));

?>
--EXPECT--
all replaced
bool(true)
bool(false)
