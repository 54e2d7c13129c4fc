--TEST--
a descriptor may be a stream, its number, a Socket of ext/sockets, or a Process; callbacks get what was passed
--EXTENSIONS--
sockets
--FILE--
<?php
use Swoole\Event;
use Swoole\Process;

function watch($what, callable $read): int
{
    $number = Event::add($what, function ($what) use ($read) {
        echo get_debug_type($what), ': ', $read($what), "\n";
        Event::del($what);
    });
    Event::wait();
    return $number;
}

[$here, $there] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fwrite($there, 'stream');
$number = watch($here, fn ($stream) => fread($stream, 10));
fwrite($there, 'number');
var_dump($number === watch($number, fn () => fread($here, 10)));

socket_create_pair(AF_UNIX, SOCK_STREAM, 0, $pair);
socket_write($pair[1], 'Socket');
watch($pair[0], fn ($socket) => socket_read($socket, 10));
socket_close($pair[0]);
var_dump(Event::add($pair[0], fn () => null));

$process = new Process(function (Process $process) {
    $process->write('child');
});
$process->start();
watch($process, fn (Process $process) => $process->read());
Process::wait();
Event::wait();
?>
--EXPECTF--
resource (stream): stream
int: number
bool(true)
Socket: Socket

Warning: Swoole\Event::add(): contains a closed socket in %s

Warning: Swoole\Event::add(): unknown fd type in %s
bool(false)
Swoole\Process: child
