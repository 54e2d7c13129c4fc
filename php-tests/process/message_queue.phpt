--TEST--
Processes exchange messages through a System V queue
--FILE--
<?php

declare(strict_types=1);

use Swoole\Process;

$worker = new Process(static function (Process $worker): void {
    while (($message = $worker->pop()) !== 'stop') {
        echo strlen($message), ' ', substr($message, 0, 5), "\n";
    }
}, false, 0);
var_dump($worker->useQueue(0, 1), is_int($worker->msgQueueId), is_int($worker->msgQueueKey));
var_dump($worker->push('first'), $worker->push(str_repeat('x', 5000)), $worker->push('stop'));
var_dump($worker->statQueue());
$worker->start();
Process::wait();
var_dump($worker->useQueue($worker->msgQueueKey, 2 | Process::IPC_NOWAIT, 10), $worker->pop(), $worker->push('12345678'), $worker->push('12345678'));
var_dump($worker->pop(3) === false, $worker->pop(), $worker->freeQueue(), $worker->freeQueue());

?>
--EXPECTF--
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
array(2) {
  ["queue_num"]=>
  int(3)
  ["queue_bytes"]=>
  int(5009)
}
5 first
5000 xxxxx
bool(true)
bool(false)
bool(true)
bool(false)
[%s]	WARNING	MsgQueue::pop()%smsgrcv(%d, 3, 0) failed, Error: Argument list too long[7]
bool(true)
string(8) "12345678"
bool(true)
bool(false)
