--TEST--
Workers do not outlive a master that is killed
--FILE--
<?php

declare(strict_types=1);

use Swoole\Process;
use Swoole\Process\Pool;

$master = new Process(static function (Process $process): void {
    $pool = new Pool(2, SWOOLE_IPC_NONE, 0, true);
    $pool->set(['max_wait_time' => 1]);
    $pool->on('workerStart', static function (Pool $pool, int $id) use ($process): void {
        $process->write((string) getmypid());
        Swoole\Coroutine::sleep(60);
    });
    $pool->start();
});
$master->start();
$pids = [(int) $master->read(), (int) $master->read()];
Process::kill($master->pid, SIGKILL);
Process::wait();
for ($i = 0; $i < 300 && array_filter($pids, static fn (int $pid) => @file_get_contents("/proc/$pid/cmdline") !== ''
    && is_dir("/proc/$pid") && !str_contains((string) @file_get_contents("/proc/$pid/stat"), ') Z ')); $i++) {
    usleep(10000);
}
echo $i < 300 ? "gone\n" : "still there\n";

?>
--EXPECT--
gone
