--TEST--
Without waiting, what the pipe has no room for is sent by the event loop
--FILE--
<?php

declare(strict_types=1);

use Swoole\Process;
use Swoole\Timer;

$process = new Process(static function (Process $process): void {
    usleep(20000);
    $sum = 0;
    while ($sum < 16 << 20) {
        $sum += strlen($process->read(65536));
    }
    $process->write("$sum");
}, false, Process::PIPE_TYPE_STREAM);
$process->start();
$process->setBlocking(false);
var_dump($process->read());
Timer::after(1, static function () use ($process): void {
    $began = microtime(true);
    var_dump($process->write(str_repeat('x', 8 << 20)), $process->write(str_repeat('y', 8 << 20)));
    var_dump(microtime(true) - $began < 10);
});
swoole_event_wait();
$process->setBlocking(true);
var_dump($process->read());
Process::wait();

?>
--EXPECT--
bool(false)
int(8388608)
int(8388608)
bool(true)
string(8) "16777216"
