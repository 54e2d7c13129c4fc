--TEST--
go, create, resume, exists, defer: wrong types are TypeErrors
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

function attempt(Closure $call): void
{
    try {
        var_dump($call());
    } catch (TypeError $e) {
        echo $e::class, ': ', $e->getMessage(), "\n";
    }
}

attempt(static fn () => go('no_such_function'));
attempt(static fn () => go());
attempt(static fn () => go(null));
attempt(static fn () => Coroutine::create([]));
attempt(static fn () => Coroutine::create([new stdClass(), 'missing']));
attempt(static fn () => Coroutine::resume('x'));
attempt(static fn () => Coroutine::resume());
attempt(static fn () => Coroutine::exists('x'));
attempt(static fn () => Coroutine::getPcid('x'));
attempt(static fn () => Coroutine::set('x'));
attempt(static fn () => Coroutine::set());
Coroutine\run(static function (): void {
    attempt(static fn () => Coroutine::defer('no_such_function'));
    attempt(static fn () => Coroutine::defer());
});
--EXPECT--
TypeError: go(): Argument #1 ($func) must be a valid callback, function "no_such_function" not found or invalid function name
ArgumentCountError: go() expects at least 1 argument, 0 given
TypeError: go(): Argument #1 ($func) must be a valid callback, no array or string given
TypeError: Swoole\Coroutine::create(): Argument #1 ($func) must be a valid callback, array callback must have exactly two members
TypeError: Swoole\Coroutine::create(): Argument #1 ($func) must be a valid callback, class stdClass does not have a method "missing"
TypeError: Swoole\Coroutine::resume(): Argument #1 ($cid) must be of type int, string given
ArgumentCountError: Swoole\Coroutine::resume() expects exactly 1 argument, 0 given
TypeError: Swoole\Coroutine::exists(): Argument #1 ($cid) must be of type int, string given
TypeError: Swoole\Coroutine::getPcid(): Argument #1 ($cid) must be of type int, string given
TypeError: Swoole\Coroutine::set(): Argument #1 ($options) must be of type array, string given
ArgumentCountError: Swoole\Coroutine::set() expects exactly 1 argument, 0 given
TypeError: Swoole\Coroutine::defer(): Argument #1 ($callback) must be a valid callback, function "no_such_function" not found or invalid function name
ArgumentCountError: Swoole\Coroutine::defer() expects exactly 1 argument, 0 given
