<?php

declare(strict_types=1);

// Timer::after of argv[1] timers that all go off, each at one of 1000 milliseconds: setting them, their calls, their end.

use Swoole\Timer;

require __DIR__ . '/measure.php';

Swoole\Coroutine::set(['max_coroutine' => 1000000]);
report((int) $argv[1], static function (int $n): void {
    $called = 0;
    $callback = static function () use (&$called): void {
        $called++;
    };
    for ($i = 0; $i < $n; $i++) {
        // A fixed scatter: neighbours in time are not neighbours in memory.
        Timer::after(1 + $i * 7919 % 1000, $callback);
    }
    swoole_event_wait();
    if ($called !== $n) {
        throw new Exception("$called of $n timers went off");
    }
});
