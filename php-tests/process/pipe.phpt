--TEST--
Parent and child talk through the pipe: datagrams keep their borders, a stream does not
--FILE--
<?php

declare(strict_types=1);

use Swoole\Process;

foreach ([Process::PIPE_TYPE_DGRAM, Process::PIPE_TYPE_STREAM] as $type) {
    $process = new Process(static function (Process $process): void {
        $process->write('one');
        $process->write('two');
        $process->write("got {$process->read()}");
    }, false, $type);
    $process->start();
    usleep(20000);
    var_dump($process->read(), $process->write('hello'));
    Process::wait();
    var_dump($process->read());
    if ($type === Process::PIPE_TYPE_DGRAM) {
        var_dump($process->read());
    }
    var_dump($process->close(), @$process->read());
}

?>
--EXPECT--
string(3) "one"
int(5)
string(3) "two"
string(9) "got hello"
bool(true)
bool(false)
string(6) "onetwo"
int(5)
string(9) "got hello"
bool(true)
bool(false)
