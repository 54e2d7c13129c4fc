--TEST--
The master starts workers and replaces those that end; functions are called in order, properties say who is who
--FILE--
<?php

declare(strict_types=1);

use Swoole\Atomic;
use Swoole\Process\Pool;

$master = getmypid();
$runs = new Atomic(0);
$pool = new Pool(1);
$pool->on('Start', static function (Pool $pool) use ($master): void {
    echo 'start: ', json_encode([getmypid() === $master, $pool->master_pid === $master, $pool->running]), "\n";
});
$pool->on('workerstart', static function (Pool $pool, int $id) use ($runs): void {
    echo "worker $id, run {$runs->add()}: ", json_encode([
        $pool->workerId === $id,
        $pool->workerPid === getmypid(),
        $pool->workerRunning,
        $pool->getProcess()->pid === getmypid(),
        posix_getppid() === $pool->master_pid,
    ]), "\n";
    if ($runs->get() === 3) {
        $pool->shutdown();
        sleep(10);
    }
});
$pool->on('workerStop', static function (Pool $pool, int $id): void {
    echo "worker $id stops: ", json_encode([$pool->workerRunning, $pool->running]), "\n";
});
$pool->on('shutdown', static fn (Pool $pool) => print('shutdown: ' . json_encode([$pool->running]) . "\n"));
var_dump($pool->start());
echo json_encode([$pool->workerId, $pool->running, $pool->master_pid === $master]), "\n";
var_dump(Swoole\Process::wait(false));

?>
--EXPECT--
start: [true,true,true]
worker 0, run 1: [true,true,true,true,true]
worker 0 stops: [false,false]
worker 0, run 2: [true,true,true,true,true]
worker 0 stops: [false,false]
worker 0, run 3: [true,true,true,true,true]
shutdown: [false]
NULL
[-1,false,true]
bool(false)
