--TEST--
Timer refuses times below 1 ms, what cannot be called, and unknown ids
--FILE--
<?php

declare(strict_types=1);

use Swoole\Timer;

foreach ([0, -1, PHP_INT_MIN] as $ms) {
    var_dump(Timer::after($ms, fn () => null), swoole_timer_tick($ms, fn () => null));
}
foreach ([fn () => Timer::after(1, 'no_such_function'), fn () => Timer::tick(1), fn () => new Timer()] as $wrong) {
    try {
        $wrong();
    } catch (Error $error) {
        echo get_class($error), ': ', $error->getMessage(), "\n";
    }
}
var_dump(Timer::clear(99), Timer::exists(99), Timer::info(99));
Timer::clear(Timer::after(1, fn () => print("never\n")));
var_dump(Timer::info(99), Timer::clearAll(), count(Timer::list()));
?>
--EXPECTF--
Warning: Swoole\Timer::after(): Timer must be greater than or equal to 1 in %s on line %d

Warning: swoole_timer_tick(): Timer must be greater than or equal to 1 in %s on line %d
bool(false)
bool(false)

Warning: Swoole\Timer::after(): Timer must be greater than or equal to 1 in %s on line %d

Warning: swoole_timer_tick(): Timer must be greater than or equal to 1 in %s on line %d
bool(false)
bool(false)

Warning: Swoole\Timer::after(): Timer must be greater than or equal to 1 in %s on line %d

Warning: swoole_timer_tick(): Timer must be greater than or equal to 1 in %s on line %d
bool(false)
bool(false)
TypeError: Swoole\Timer::after(): Argument #2 ($callback) must be a valid callback, function "no_such_function" not found or invalid function name
ArgumentCountError: Swoole\Timer::tick() expects at least 2 arguments, 1 given
Error: The object of Swoole\Timer can not be created for security reasons
bool(false)
bool(false)
bool(false)
NULL
bool(true)
int(0)

Deprecated: swoole_event_rshutdown(): Event::wait() in shutdown function is deprecated in Unknown on line 0
