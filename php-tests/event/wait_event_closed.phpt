--TEST--
Coroutine::waitEvent() returns at once when its descriptor is closed
--FILE--
<?php
use Swoole\Coroutine;

Coroutine\run(function () {
    [$here, $there] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    Coroutine::create(function () use ($here) {
        var_dump(Coroutine::waitEvent($here, SWOOLE_EVENT_READ, 20), swoole_last_error());
    });
    fclose($here);
    echo "closed\n";
});
?>
--EXPECT--
closed
bool(false)
int(9)
