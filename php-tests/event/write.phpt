--TEST--
Event::write() keeps what the system does not take, sends it when there is room, and has a limit
--INI--
swoole.socket_buffer_size=3000000
--FILE--
<?php
use Swoole\Event;

[$here, $there] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
stream_set_blocking($there, false);
Event::add($here, fn () => print("never\n"), function ($socket) {
    echo "room\n";
    Event::set($socket, null, null, SWOOLE_EVENT_READ);
}, SWOOLE_EVENT_READ);
var_dump(Event::write($here, 'small'), fread($there, 100), Event::isset($here, SWOOLE_EVENT_WRITE));
$data = str_repeat('0123456789', 100_000);
var_dump(Event::write($here, $data), Event::write($here, $data), Event::isset($here, SWOOLE_EVENT_WRITE));
var_dump(Event::write($here, str_repeat('x', 3_000_001)), swoole_last_error() === SWOOLE_ERROR_PACKAGE_LENGTH_TOO_LARGE);
var_dump(Event::write($here, str_repeat('x', 2_900_000)), swoole_last_error() === SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW);
$got = '';
Event::add($there, function ($socket) use (&$got, $here) {
    $got .= fread($socket, 65536);
    if (strlen($got) === 2_000_000) {
        Event::defer(function () use ($here) {
            var_dump(Event::isset($here, SWOOLE_EVENT_WRITE));
            Event::set($here, null, null, SWOOLE_EVENT_READ | SWOOLE_EVENT_WRITE);
            Event::defer(fn () => Event::del($here));
        });
        Event::del($socket);
    }
});
Event::wait();
var_dump($got === $data . $data);
?>
--EXPECTF--
bool(true)
string(5) "small"
bool(false)
bool(true)
bool(true)
bool(true)
[%s]	WARNING	Reactor::write_func() (ERRNO 1201): data packet is too large, cannot exceed the socket buffer size
bool(false)
bool(true)
[%s]	WARNING	Reactor::write_func() (ERRNO 1009): socket#%d output buffer overflow: (%d/3000000)
bool(false)
bool(true)
bool(false)
room
bool(true)
