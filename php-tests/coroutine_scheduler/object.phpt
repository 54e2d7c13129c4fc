--TEST--
Arguments, clones and children of the scheduler
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine\Scheduler;

$scheduler = new Scheduler();
$tries = [
    static fn () => $scheduler->add('no_such_function'),
    static fn () => $scheduler->add(),
    static fn () => $scheduler->parallel('x', 'strlen'),
    static fn () => $scheduler->parallel(1),
    static fn () => $scheduler->set(1),
    static fn () => clone $scheduler,
    static fn () => serialize($scheduler),
];
foreach ($tries as $try) {
    try {
        $try();
    } catch (Throwable $thrown) {
        echo get_class($thrown), ': ', $thrown->getMessage(), "\n";
    }
}
var_dump((new ReflectionClass(Scheduler::class))->isFinal());
$scheduler->add(static fn () => $scheduler);
unset($scheduler);
var_dump(gc_collect_cycles() > 0);
--EXPECT--
TypeError: Swoole\Coroutine\Scheduler::add(): Argument #1 ($func) must be a valid callback, function "no_such_function" not found or invalid function name
ArgumentCountError: Swoole\Coroutine\Scheduler::add() expects at least 1 argument, 0 given
TypeError: Swoole\Coroutine\Scheduler::parallel(): Argument #1 ($n) must be of type int, string given
ArgumentCountError: Swoole\Coroutine\Scheduler::parallel() expects at least 2 arguments, 1 given
TypeError: Swoole\Coroutine\Scheduler::set(): Argument #1 ($settings) must be of type array, int given
Error: Trying to clone an uncloneable object of class Swoole\Coroutine\Scheduler
Exception: Serialization of 'Swoole\Coroutine\Scheduler' is not allowed
bool(true)
bool(false)
