--TEST--
A Fiber that is never finished is unwound when it is dropped
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    $fiber = new Fiber(static function (): void {
        try {
            Fiber::suspend();
            echo "never\n";
        } finally {
            echo "unwound\n";
        }
    });
    $fiber->start();
    Coroutine::sleep(0.001);
    unset($fiber);
    echo "after unset\n";
});
--EXPECT--
unwound
after unset
