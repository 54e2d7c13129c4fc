--TEST--
swoole_event_*() are the methods of Swoole\Event under other names
--FILE--
<?php
[$here, $there] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$number = swoole_event_add($here, function ($socket) {
    echo fread($socket, 10), "\n";
    var_dump(swoole_event_set($socket, null, function ($socket) {
        echo "write\n";
        var_dump(swoole_event_del($socket));
    }, SWOOLE_EVENT_WRITE));
});
var_dump($number > 0, swoole_event_isset($number), swoole_event_isset($here, SWOOLE_EVENT_WRITE));
var_dump(swoole_event_write($here, 'to the other'), fread($there, 20));
var_dump(swoole_event_defer(fn () => print("deferred\n")));
var_dump(swoole_event_cycle(fn () => print("round\n")), swoole_event_cycle(null));
fwrite($there, 'data');
var_dump(swoole_event_dispatch());
swoole_event_wait();
swoole_event_exit();
swoole_event_rshutdown();
?>
--EXPECT--
bool(true)
bool(true)
bool(false)
bool(true)
string(12) "to the other"
bool(true)
bool(true)
bool(true)
data
bool(true)
deferred
bool(true)
write
bool(true)
