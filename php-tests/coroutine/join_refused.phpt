--TEST--
join() refuses nobody, itself, and whom another one joins; it gives up in time and when cancelled
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

function joins(array $ids, float ...$timeout): void
{
    swoole_clear_error();
    var_dump(@Coroutine::join($ids, ...$timeout));
    echo match (swoole_last_error()) {
        0 => 'no error',
        SWOOLE_ERROR_INVALID_PARAMS => 'invalid',
        SWOOLE_ERROR_WRONG_OPERATION => 'wrong operation',
        SWOOLE_ERROR_CO_TIMEDOUT => 'timed out',
        SWOOLE_ERROR_CO_CANCELED => 'canceled',
    }, "\n";
}

Coroutine\run(static function (): void {
    joins([]);
    joins([Coroutine::getCid()]);
    joins([99999]);
    $waits = static fn (): int => go(static fn () => Coroutine::yield());
    joins([$waits()], 0.001);
    $shared = $waits();
    $joiner = go(static fn () => joins([$shared]));
    go(static fn () => joins([$shared]));
    Coroutine::cancel($joiner);
    go(static fn () => joins([$shared], 0.001));
    Coroutine::sleep(0.005);
    go(static fn () => joins([$shared]));
    Coroutine::resume($shared);
    Coroutine::sleep(0.001);
    foreach (Coroutine::list() as $cid) {
        Coroutine::cancel($cid);
    }
});
try {
    Coroutine\run(static fn () => Coroutine::join([1]));
} catch (Error) {
}
--EXPECT--
bool(false)
invalid
bool(false)
wrong operation
bool(false)
invalid
bool(false)
timed out
bool(false)
wrong operation
bool(false)
canceled
bool(false)
timed out
bool(true)
no error
