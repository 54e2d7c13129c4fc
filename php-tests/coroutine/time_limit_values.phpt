--TEST--
setTimeLimit() with times that are none
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    foreach ([0, 0.5, -1, NAN, INF] as $seconds) {
        swoole_clear_error();
        var_dump(Coroutine::setTimeLimit($seconds), swoole_last_error() === SWOOLE_ERROR_INVALID_PARAMS);
    }
});
--EXPECTF--
bool(false)
bool(false)
[%s]	WARNING	Timer::add() (ERRNO 505): msec value[0] is invalid
bool(true)
bool(true)
[%s]	WARNING	Timer::add() (ERRNO 505): msec value[-1000] is invalid
bool(true)
bool(true)
[%s]	WARNING	Timer::add() (ERRNO 505): msec value[0] is invalid
bool(true)
bool(true)
[%s]	WARNING	Timer::add() (ERRNO 505): msec value[0] is invalid
bool(true)
bool(true)
