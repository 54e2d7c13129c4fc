--TEST--
Event::cycle() is called once in each round, and new timers wait for the round after the next
--FILE--
<?php
use Swoole\Event;
use Swoole\Timer;

var_dump(Event::cycle(null), Event::cycle(null, true));
$rounds = 0;
Event::cycle(function () use (&$rounds) {
    echo 'round ', ++$rounds, "\n";
    if ($rounds === 3) {
        Event::cycle(null);
    }
});
Timer::after(20, function () {
    echo "timer\n";
    Timer::after(20, fn () => print("timer of the timer\n"));
    Event::defer(fn () => print("deferred\n"));
});
Event::wait();
?>
--EXPECT--
bool(false)
bool(false)
round 1
timer
deferred
round 2
timer of the timer
round 3
