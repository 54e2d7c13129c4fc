--TEST--
Waiting for signals is no deadlock
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\System;

Coroutine\run(static function (): void {
    var_dump(System::waitSignal(SIGUSR2, 0.01));
    go(static function (): void {
        var_dump(System::waitSignal(SIGUSR1) === SIGUSR1);
    });
    Swoole\Timer::after(5, static fn () => Swoole\Process::kill(getmypid(), SIGUSR1));
});
--EXPECT--
bool(false)
bool(true)
