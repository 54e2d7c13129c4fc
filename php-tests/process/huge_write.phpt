--TEST--
A write larger than the pipe's buffer waits for its reader; a datagram that is too large is refused
--FILE--
<?php

declare(strict_types=1);

use Swoole\Process;

$process = new Process(static function (Process $process): void {
    $sum = 0;
    while ($sum < 16 << 20) {
        $sum += strlen($process->read(65536));
    }
    $process->write("$sum");
}, false, Process::PIPE_TYPE_STREAM);
$process->start();
var_dump($process->write(str_repeat('x', 16 << 20)), $process->read());
Process::wait();

$process = new Process(static fn () => null);
var_dump($process->write(str_repeat('x', 16 << 20)), swoole_last_error() === SOCKET_EMSGSIZE);

?>
--EXPECTF--
int(16777216)
string(8) "16777216"

Warning: Swoole\Process::write(): write() failed, Error: Message too long[90] in %s on line %d
bool(false)
bool(true)
