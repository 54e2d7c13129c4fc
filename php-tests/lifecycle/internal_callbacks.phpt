--TEST--
A coroutine may suspend inside of a callback of an internal function
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    foreach ([1, 10] as $factor) {
        go(static function () use ($factor): void {
            $result = array_map(static function (int $n) use ($factor): int {
                Coroutine::sleep(0.001 * $factor);
                return $n * $factor;
            }, [1, 2, 3]);
            usort($result, static function (int $a, int $b) use ($factor): int {
                Coroutine::sleep(0.001 * $factor);
                return $b <=> $a;
            });
            $text = preg_replace_callback('/\d/', static function (array $match) use ($factor): string {
                Coroutine::sleep(0.001 * $factor);
                return "<$match[0]>";
            }, "a1b2");
            echo implode(',', $result), " $text\n";
        });
    }
});
--EXPECT--
3,2,1 a<1>b<2>
30,20,10 a<1>b<2>
