--TEST--
A scheduler without tasks does not start; a running one refuses more
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine\Scheduler;

set_error_handler(static function (int $level, string $message): bool {
    echo $level === E_WARNING ? "warning: $message\n" : '';
    return true;
});
$empty = new Scheduler();
var_dump($empty->start(), $empty->start());
$scheduler = new Scheduler();
$scheduler->add(static function () use ($scheduler): void {
    $scheduler->add(static fn () => null);
    $scheduler->parallel(2, static fn () => null);
    var_dump($scheduler->start());
});
var_dump($scheduler->start(), $scheduler->start());
--EXPECT--
warning: Swoole\Coroutine\Scheduler::start(): no coroutine task
warning: Swoole\Coroutine\Scheduler::start(): scheduler is started, unable to execute Swoole\Coroutine\Scheduler->start
bool(false)
bool(false)
warning: Swoole\Coroutine\Scheduler::add(): scheduler is running, unable to execute Swoole\Coroutine\Scheduler->add
warning: Swoole\Coroutine\Scheduler::parallel(): scheduler is running, unable to execute Swoole\Coroutine\Scheduler->parallel
warning: Swoole\Coroutine\Scheduler::start(): scheduler is started, unable to execute Swoole\Coroutine\Scheduler->start
bool(false)
warning: Swoole\Coroutine\Scheduler::start(): no coroutine task
bool(true)
bool(false)
