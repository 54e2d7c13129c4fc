--TEST--
a round of the loop serves events, then timers, deferred calls and cycles, each in a coroutine of its own
--FILE--
<?php
use Swoole\Coroutine;
use Swoole\Event;
use Swoole\Timer;

[$here, $there] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fwrite($there, 'x');

function say(string $text): void
{
    echo $text, ' in ', Coroutine::getCid() > 0 ? 'a coroutine' : 'none', "\n";
}

Event::defer(function () {
    say('first deferred');
    Event::defer(fn () => say('deferred by the first'));
});
Event::defer(fn () => say('second deferred'));
Event::cycle(function () {
    static $count = 0;
    say('end of round ' . ++$count);
    if ($count === 3) {
        var_dump(Event::cycle(null), Event::cycle(null));
    }
});
Event::cycle(function () {
    static $count = 0;
    say('begin of round ' . ++$count);
    if ($count === 3) {
        Event::cycle(null, true);
    }
}, true);
Event::add($here, function ($socket) use ($here) {
    say('read ' . fread($socket, 10) . ($socket === $here ? '' : ' from something else'));
    Event::defer(fn () => say('deferred by the reader'));
    Event::set($socket, null, function ($socket) {
        say('write');
        Event::del($socket);
    }, SWOOLE_EVENT_READ | SWOOLE_EVENT_WRITE);
});
Timer::after(1, fn () => say('timer'));
Coroutine::create(function () {
    say('coroutine');
    Coroutine::sleep(0.001);
    say('slept');
});
// The timers are due when the loop begins; they are new, so it looks at them in its second round.
usleep(5000);
echo "wait\n";
Event::wait();
echo "end\n";
?>
--EXPECT--
coroutine in a coroutine
wait
begin of round 1 in a coroutine
read x in a coroutine
first deferred in a coroutine
second deferred in a coroutine
deferred by the reader in a coroutine
end of round 1 in a coroutine
begin of round 2 in a coroutine
write in a coroutine
timer in a coroutine
slept in a coroutine
deferred by the first in a coroutine
end of round 2 in a coroutine
end
