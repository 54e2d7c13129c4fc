--TEST--
a coroutine that waited for a descriptor goes on after what was put off before
--FILE--
<?php
use Swoole\Coroutine;
use Swoole\Event;

[$here, $there] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
[$other, $writes] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fwrite($there, 'x');
fwrite($writes, 'x');
Event::add($other, function ($socket) {
    echo "event\n";
    Event::defer(fn () => print("deferred by the event\n"));
    Event::del($socket);
});
Event::defer(fn () => print("deferred first\n"));
Coroutine::create(function () use ($here) {
    Coroutine::waitEvent($here);
    echo "waited\n";
    Event::defer(fn () => print("deferred at last\n"));
});
Event::defer(fn () => print("deferred second\n"));
Event::wait();
?>
--EXPECT--
event
deferred first
deferred second
deferred by the event
waited
deferred at last
