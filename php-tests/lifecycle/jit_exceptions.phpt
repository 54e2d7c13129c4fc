--TEST--
Exceptions thrown from hot code across switches
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

function risky(int $n): int
{
    if ($n % 100 === 0) {
        Coroutine::sleep(0.001);
        throw new RuntimeException("$n");
    }
    return $n;
}

Coroutine\run(static function (): void {
    $sums = [];
    for ($c = 0; $c < 5; $c++) {
        go(static function () use ($c, &$sums): void {
            $sum = 0;
            for ($i = 1; $i <= 2000; $i++) {
                try {
                    $sum += risky($i + $c);
                } catch (RuntimeException $e) {
                    $sum -= (int) $e->getMessage();
                }
            }
            $sums[$c] = $sum;
        });
    }
    while (count($sums) < 5) {
        Coroutine::sleep(0.005);
    }
    ksort($sums);
    echo implode(' ', $sums), "\n";
});
--EXPECT--
1959000 1961000 1963000 1965000 1967000
