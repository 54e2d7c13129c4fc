--TEST--
arguments of atomics are ints and floats as everywhere in PHP; null is a deprecated 0
--FILE--
<?php

function attempt(Closure $what): void
{
    try {
        var_dump($what());
    } catch (Throwable $error) {
        echo get_class($error), ': ', $error->getMessage(), "\n";
    }
}

$atomic = new Swoole\Atomic(1);
attempt(fn () => $atomic->add('3'));
attempt(fn () => @$atomic->add(null));
attempt(fn () => $atomic->add('x'));
attempt(fn () => $atomic->add(1, 2));
attempt(fn () => $atomic->set());
attempt(fn () => $atomic->cmpset(1));
attempt(fn () => $atomic->wait('x'));
attempt(fn () => new Swoole\Atomic('x'));
attempt(fn () => new Swoole\Atomic\Long(1, 2));
attempt(fn () => $atomic->add(null));
?>
--EXPECTF--
int(4)
int(4)
TypeError: Swoole\Atomic::add(): Argument #1 ($add_value) must be of type int, string given
ArgumentCountError: Swoole\Atomic::add() expects at most 1 argument, 2 given
ArgumentCountError: Swoole\Atomic::set() expects exactly 1 argument, 0 given
ArgumentCountError: Swoole\Atomic::cmpset() expects exactly 2 arguments, 1 given
TypeError: Swoole\Atomic::wait(): Argument #1 ($timeout) must be of type float, string given
TypeError: Swoole\Atomic::__construct(): Argument #1 ($value) must be of type int, string given
ArgumentCountError: Swoole\Atomic\Long::__construct() expects at most 1 argument, 2 given

Deprecated: Swoole\Atomic::add(): Passing null to parameter #1 ($add_value) of type int is deprecated in %s on line %d
int(4)
