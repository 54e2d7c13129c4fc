--TEST--
Coroutine::waitEvent() suspends until a descriptor is ready and says for what
--FILE--
<?php
use Swoole\Coroutine;
use Swoole\Coroutine\System;

Coroutine\run(function () {
    [$here, $there] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    $both = SWOOLE_EVENT_READ | SWOOLE_EVENT_WRITE;
    var_dump(Coroutine::waitEvent($here, SWOOLE_EVENT_WRITE) === SWOOLE_EVENT_WRITE);
    var_dump(System::waitEvent($here, $both) === SWOOLE_EVENT_WRITE);
    Coroutine::create(function () use ($there) {
        Coroutine::sleep(0.005);
        echo "writes\n";
        fwrite($there, 'x');
    });
    echo "waits\n";
    var_dump(System::waitEvent($here) === SWOOLE_EVENT_READ);
    var_dump(System::waitEvent($here, $both) === $both, System::waitEvent($here, $both, 0) === $both);
    fread($here, 1);

    echo "time-outs\n";
    foreach ([0, 0.001, 0.01] as $seconds) {
        swoole_clear_error();
        var_dump(System::waitEvent($here, SWOOLE_EVENT_READ, $seconds));
        var_dump(swoole_last_error() === ($seconds ? SWOOLE_ERROR_CO_TIMEDOUT : 110));
    }

    echo "the other end is closed\n";
    fclose($there);
    var_dump(System::waitEvent($here) === SWOOLE_EVENT_READ, System::waitEvent($here, SWOOLE_EVENT_WRITE) === SWOOLE_EVENT_WRITE);
    var_dump(System::waitEvent($here, $both) === $both, System::waitEvent($here, $both, 0) === $both);
});
?>
--EXPECT--
bool(true)
bool(true)
waits
writes
bool(true)
bool(true)
bool(true)
time-outs
bool(false)
bool(true)
bool(false)
bool(true)
bool(false)
bool(true)
the other end is closed
bool(true)
bool(true)
bool(true)
bool(true)
