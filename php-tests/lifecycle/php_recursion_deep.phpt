--TEST--
A recursion of 100,000 PHP calls fits into a coroutine
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

function down(int $n): int
{
    return $n === 0 ? 0 : down($n - 1) + 1;
}

Coroutine\run(static function (): void {
    echo down(100000), "\n";
    go(static function (): void {
        Coroutine::sleep(0.001);
        echo down(50000), "\n";
    });
});
--EXPECT--
100000
50000
