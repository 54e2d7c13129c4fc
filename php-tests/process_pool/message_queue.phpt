--TEST--
Messages come from a System V queue; without a function for them a worker takes them itself
--FILE--
<?php

declare(strict_types=1);

use Swoole\Process\Pool;

$key = random_int(1, 0x7fffffff);
$queue = msg_get_queue($key);
foreach (['one', 'two', 'stop'] as $message) {
    msg_send($queue, 1, $message, false);
}
$pool = new Pool(1, SWOOLE_IPC_MSGQUEUE, $key);
$pool->on('message', static function (Pool $pool, string $data): void {
    echo $data, "\n";
    if ($data === 'stop') {
        $pool->stop();
        $pool->shutdown();
    }
});
$pool->on('workerStop', static fn () => print("worker stop\n"));
$pool->start();

$pool = new Pool(1, SWOOLE_IPC_MSGQUEUE, $key);
$pool->on('workerStart', static function (Pool $pool): void {
    $process = $pool->getProcess();
    var_dump($process->push('by hand'), $process->pop());
    $pool->shutdown();
    sleep(10);
});
$pool->start();
msg_remove_queue($queue);

?>
--EXPECT--
one
two
stop
worker stop
bool(true)
string(7) "by hand"
