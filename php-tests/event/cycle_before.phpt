--TEST--
Event::cycle() with $before runs before the loop waits, and can be replaced
--FILE--
<?php
use Swoole\Event;
use Swoole\Timer;

Event::cycle(function () {
    static $count = 0;
    echo 'before ', ++$count, "\n";
    if ($count === 2) {
        var_dump(Event::cycle(fn () => print("another\n"), true));
    }
}, true);
function timer(int $number): void
{
    Timer::after(5, function () use ($number) {
        echo "timer $number\n";
        if ($number === 2) {
            var_dump(Event::cycle(null, true), Event::cycle(null, true), Event::cycle(null, false));
        }
        if ($number < 3) {
            timer($number + 1);
        }
    });
}
timer(0);
Event::wait();
?>
--EXPECT--
before 1
before 2
bool(true)
timer 0
another
timer 1
another
timer 2
bool(true)
bool(false)
bool(false)
timer 3
