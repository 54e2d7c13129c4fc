--TEST--
Hot loops across switches compute the same under the tracing JIT
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

function mix(int $seed, int $rounds): int
{
    $x = $seed;
    for ($i = 0; $i < $rounds; $i++) {
        $x = ($x * 1103515245 + 12345) & 0x7fffffff;
        if ($i % 1000 === 999) {
            Coroutine::sleep(0.001);
        }
    }
    return $x;
}

Coroutine\run(static function (): void {
    $results = [];
    for ($c = 0; $c < 10; $c++) {
        go(static function () use ($c, &$results): void {
            $results[$c] = mix($c, 10000);
        });
    }
    while (count($results) < 10) {
        Coroutine::sleep(0.005);
    }
    ksort($results);
    echo implode(' ', $results), "\n";
});
--EXPECT--
886271536 1910041713 786328242 1810098419 686384948 1710155125 586441654 1610211831 486498360 1510268537
