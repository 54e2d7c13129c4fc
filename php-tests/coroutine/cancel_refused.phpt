--TEST--
cancel() refuses a coroutine that runs, that waits for one it has started, or that does not exist
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

function cancels(int $cid): void
{
    swoole_clear_error();
    var_dump(Coroutine::cancel($cid));
    echo match (swoole_last_error()) {
        SWOOLE_ERROR_CO_CANNOT_CANCEL => 'cannot cancel',
        SWOOLE_ERROR_CO_NOT_EXISTS => 'does not exist',
        default => swoole_last_error(),
    }, "\n";
}

Coroutine\run(static function (): void {
    cancels(Coroutine::getCid());
    $parent = Coroutine::getCid();
    go(static fn () => cancels($parent));
    foreach ([0, -1, 99, go(static fn () => null)] as $cid) {
        cancels($cid);
    }
    swoole_clear_error();
    var_dump(Coroutine::cancel(99, true), swoole_last_error() === SWOOLE_ERROR_CO_NOT_EXISTS);
});
cancels(1);
--EXPECT--
bool(false)
cannot cancel
bool(false)
cannot cancel
bool(false)
does not exist
bool(false)
does not exist
bool(false)
does not exist
bool(false)
does not exist
bool(false)
bool(true)
bool(false)
does not exist
