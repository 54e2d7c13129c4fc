--TEST--
sleep(), usleep(), time_nanosleep() and time_sleep_until() let other coroutines run
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

$off = SWOOLE_HOOK_SLEEP;
show_concurrency('sleep', static fn () => expect(sleep(1) === 0, 'sleep'), $off, 1.0, 100, 2);
show_concurrency('usleep', static fn () => usleep(200_000), $off);
show_concurrency('time_nanosleep', static fn () => expect(time_nanosleep(0, 200_000_000), 'time_nanosleep'), $off);
show_concurrency('time_sleep_until', static fn () => expect(time_sleep_until(microtime(true) + 0.2), 'time_sleep_until'), $off, 0.19, 50);
--EXPECT--
sleep: together, in turns without the hook
usleep: together, in turns without the hook
time_nanosleep: together, in turns without the hook
time_sleep_until: together, in turns without the hook
