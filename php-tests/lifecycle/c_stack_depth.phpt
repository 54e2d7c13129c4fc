--TEST--
The C stack of a coroutine holds a thousand nested array_map() calls
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

function nest(int $n): int
{
    return $n === 0 ? 0 : array_map(static fn (int $left): int => nest($left), [$n - 1])[0] + 1;
}

Coroutine\run(static function (): void {
    echo nest(1000), "\n";
    go(static function (): void {
        Coroutine::sleep(0.001);
        echo nest(1000), "\n";
    });
});
--EXPECT--
1000
1000
