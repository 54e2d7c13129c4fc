--TEST--
A coroutine that was taken off cannot be cancelled
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine::set(['enable_preemptive_scheduler' => true, 'hook_flags' => 0]);
Coroutine\run(static function (): void {
    $loop = true;
    $cid = go(static function () use (&$loop): void {
        while ($loop) {
        }
        var_dump(Coroutine::isCanceled());
    });
    var_dump(Coroutine::cancel($cid), swoole_last_error() === SWOOLE_ERROR_CO_CANNOT_CANCEL);
    var_dump(@Coroutine::resume($cid));
    $loop = false;
});
--EXPECT--
bool(false)
bool(true)
bool(false)
bool(false)
