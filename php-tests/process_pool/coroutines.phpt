--TEST--
With coroutines a worker lives until its coroutines have ended; WorkerExit is called in each round after it was told to end
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Process\Pool;

final class Worker
{
    public static bool $ends = false;
}

$pool = new Pool(1, SWOOLE_IPC_NONE, 0, true);
$pool->on('workerStart', static function (Pool $pool): void {
    echo 'start, in a coroutine: ', json_encode(Coroutine::getCid() > 0), "\n";
    Coroutine::sleep(0.001);
    $pool->shutdown();
    while (!Worker::$ends) {
        Coroutine::sleep(0.01);
    }
    echo "the coroutine ends\n";
});
$pool->on('workerExit', static function (Pool $pool): void {
    if (!Worker::$ends) {
        echo 'exit, in a coroutine: ', json_encode(Coroutine::getCid() > 0), "\n";
    }
    Worker::$ends = true;
});
$pool->on('workerStop', static fn () => print("stop\n"));
$pool->start();

?>
--EXPECT--
start, in a coroutine: true
exit, in a coroutine: false
the coroutine ends
stop
