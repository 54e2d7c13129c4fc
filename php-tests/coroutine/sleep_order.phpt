--TEST--
Sleepers wake in the order of their times
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    foreach ([0.06, 0.02, 0.04] as $i => $seconds) {
        go(static function () use ($i, $seconds): void {
            var_dump(Coroutine::sleep($seconds));
            echo "$i after $seconds\n";
        });
    }
});
--EXPECT--
bool(true)
1 after 0.02
bool(true)
2 after 0.04
bool(true)
0 after 0.06
