--TEST--
start() inside a coroutine starts the tasks and is a fatal error
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine\Scheduler;

Swoole\Coroutine\run(static function (): void {
    $scheduler = new Scheduler();
    $scheduler->add(static fn () => print("starts\n"));
    $scheduler->start();
    echo "not reached\n";
});
--EXPECTF--
starts

Fatal error: Swoole\Coroutine\Scheduler::start(): Unable to call Event::wait() in coroutine in %s on line 10
