--TEST--
A deferred function may defer and create coroutines
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    Coroutine::defer(static function (): void {
        echo "outer deferred\n";
        Coroutine::defer(static function (): void {
            echo "deferred in deferred\n";
        });
        go(static function (): void {
            echo "coroutine in deferred, pcid ", Coroutine::getPcid(), "\n";
        });
    });
    go(static function (): void {
        Coroutine::defer(static function (): void {
            echo "child deferred\n";
        });
        echo "child\n";
    });
    echo "parent\n";
});
--EXPECT--
child
child deferred
parent
outer deferred
coroutine in deferred, pcid 1
deferred in deferred
