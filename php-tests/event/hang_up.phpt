--TEST--
the end of a stream, a hang-up and a refused connection are reported
--FILE--
<?php
use Swoole\Event;

function watch($stream, string $name, int $events): void
{
    Event::add($stream, function ($stream) use ($name) {
        var_dump("$name: read", fread($stream, 10), feof($stream));
        Event::del($stream);
    }, function ($stream) use ($name) {
        var_dump("$name: write", @fwrite($stream, 'x'));
        Event::del($stream);
    }, $events);
    Event::wait();
}

foreach ([SWOOLE_EVENT_READ, SWOOLE_EVENT_WRITE] as $events) {
    [$here, $there] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    fclose($there);
    watch($here, 'socket', $events);
}
$process = proc_open(['true'], [1 => ['pipe', 'w']], $pipes);
watch($pipes[1], 'pipe', SWOOLE_EVENT_READ);
$flags = STREAM_CLIENT_ASYNC_CONNECT | STREAM_CLIENT_CONNECT;
$server = stream_socket_server('tcp://127.0.0.1:0');
$address = stream_socket_get_name($server, false);
fclose($server);
watch(stream_socket_client("tcp://$address", $code, $text, 1, $flags), 'refused', SWOOLE_EVENT_WRITE);
?>
--EXPECT--
string(12) "socket: read"
string(0) ""
bool(true)
string(13) "socket: write"
bool(false)
string(10) "pipe: read"
string(0) ""
bool(true)
string(14) "refused: write"
bool(false)
