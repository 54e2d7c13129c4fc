--TEST--
a descriptor that stays ready is reported in every round, also while an earlier callback still waits
--FILE--
<?php
use Swoole\Coroutine;
use Swoole\Event;

[$here, $there] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
stream_set_read_buffer($here, 0);
fwrite($there, 'abc');
$calls = 0;
Event::add($here, function ($socket) use (&$calls) {
    $call = ++$calls;
    echo "call $call: ", fread($socket, 1), "\n";
    if ($call === 1) {
        Coroutine::sleep(0.01);
        echo "call 1 goes on\n";
        Event::del($socket);
    }
});
Event::wait();
echo $calls, "\n";
?>
--EXPECTF--
call 1: a
call 2: b
call 3: c
call 1 goes on
3
