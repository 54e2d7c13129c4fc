--TEST--
getStackUsage() grows with the stack and is false for an unknown coroutine
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

function deep(int $levels): int
{
    return $levels > 0 ? deep($levels - 1) : Coroutine::getStackUsage();
}

var_dump(Coroutine::getStackUsage() > 0, Coroutine::getStackUsage(-1) === Coroutine::getStackUsage());
Coroutine\run(static function (): void {
    $own = Coroutine::getStackUsage();
    var_dump($own > 0, deep(2000) > 100 * 1024, Coroutine::getStackUsage(Coroutine::getCid()) >= $own);
    $other = go(static fn () => Coroutine::yield());
    var_dump(Coroutine::getStackUsage($other) > 0);
    swoole_clear_error();
    var_dump(Coroutine::getStackUsage(99999), swoole_last_error() === SWOOLE_ERROR_CO_NOT_EXISTS);
    Coroutine::resume($other);
});
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(false)
bool(false)
bool(true)
bool(false)
bool(true)
