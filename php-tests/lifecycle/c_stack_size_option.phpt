--TEST--
c_stack_size makes room for deeper nesting
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

function nest(int $n): int
{
    return $n === 0 ? 0 : array_map(static fn (int $left): int => nest($left), [$n - 1])[0] + 1;
}

Coroutine::set(['c_stack_size' => 16 << 20]);
Coroutine\run(static function (): void {
    echo nest(15000), "\n";
    go(static function (): void {
        Coroutine::sleep(0.001);
        echo nest(15000), "\n";
    });
});
--EXPECT--
15000
15000
