--TEST--
Local variables and call depth survive switches
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

function climb(int $n, string $who): int
{
    $local = "$who$n";
    if ($n === 0) {
        Coroutine::sleep(0.001);
        return 0;
    }
    $below = climb($n - 1, $who);
    Coroutine::sleep(0.001);
    assert($local === "$who$n");
    return $below + $n;
}

Coroutine\run(static function (): void {
    foreach (['a', 'b', 'c'] as $who) {
        go(static function () use ($who): void {
            $sum = climb(20, $who);
            echo "$sum\n";
        });
    }
});
--EXPECT--
210
210
210
