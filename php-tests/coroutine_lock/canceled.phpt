--TEST--
A coroutine that waits for a lock can be cancelled
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Lock;

foreach ([false, true] as $shared) {
    Coroutine\run(static function () use ($shared): void {
        $lock = new Lock($shared);
        $lock->lock();
        $cid = go(static function () use ($lock): void {
            var_dump($lock->lock(), $lock->errCode === SWOOLE_ERROR_CO_CANCELED, swoole_last_error() === SWOOLE_ERROR_CO_CANCELED);
        });
        var_dump(Coroutine::cancel($cid));
        $cid = go(static function () use ($lock): void {
            try {
                $lock->lock();
            } catch (Coroutine\CanceledException) {
                echo "caught\n";
            }
        });
        var_dump(Coroutine::cancel($cid, true));
        $lock->unlock();
        go(static fn () => var_dump($lock->lock()));
    });
}
--EXPECT--
bool(false)
bool(true)
bool(true)
bool(true)
caught
bool(true)
bool(true)
bool(false)
bool(true)
bool(true)
bool(true)
caught
bool(true)
bool(true)
