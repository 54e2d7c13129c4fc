--TEST--
An exception leaves a Fiber into the coroutine that resumed it
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    $fiber = new Fiber(static function (): void {
        Fiber::suspend();
        throw new RuntimeException('out of the fiber');
    });
    $fiber->start();
    Coroutine::sleep(0.001);
    try {
        $fiber->resume();
    } catch (RuntimeException $e) {
        echo $e->getMessage(), "\n";
    }
    go(static function (): void {
        Coroutine::sleep(0.001);
        echo "others go on\n";
    });
});
--EXPECT--
out of the fiber
others go on
