--TEST--
A coroutine can be created inside of a Fiber, and run() inside of a top-level one
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

$fiber = new Fiber(static function (): string {
    $got = Fiber::suspend('first');
    return "got $got";
});
echo $fiber->start(), "\n";
Coroutine\run(static function () use ($fiber): void {
    $inner = new Fiber(static function (): void {
        go(static function (): void {
            Coroutine::sleep(0.1);
            echo "coroutine from a fiber\n";
        });
        Fiber::suspend();
        echo "fiber ends\n";
    });
    $inner->start();
    Coroutine::sleep(0.001);
    $inner->resume();
    $fiber->resume('resumed in a coroutine');
    echo $fiber->getReturn(), "\n";
});
--EXPECT--
first
fiber ends
got resumed in a coroutine
coroutine from a fiber
