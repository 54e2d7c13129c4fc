--TEST--
A worker that leaves the pool is replaced and goes on to the end of its function
--FILE--
<?php

declare(strict_types=1);

use Swoole\Atomic;
use Swoole\Process\Pool;

$runs = new Atomic(0);
$done = new Atomic(0);
$pool = new Pool(1, SWOOLE_IPC_UNIXSOCK);
$pool->on('workerStart', static function (Pool $pool) use ($runs, $done): void {
    if ($runs->add() === 1) {
        $pool->sendMessage('go', 0);
    } else {
        $done->wait(10);
        echo "the next one sees it done: {$done->get()}\n";
        $pool->shutdown();
    }
});
$pool->on('message', static function (Pool $pool) use ($runs, $done): void {
    var_dump($pool->detach(), $pool->detach());
    while ($runs->get() < 2) {
        usleep(1000);
    }
    echo "done\n";
    $done->set(2);
    $done->wakeup();
});
$pool->start();

?>
--EXPECT--
bool(true)
bool(false)
done
the next one sees it done: 2
