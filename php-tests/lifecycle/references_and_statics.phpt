--TEST--
References, static variables and globals are shared between coroutines
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

$global = 0;

function count_up(): int
{
    static $n = 0;
    global $global;
    $now = ++$n;
    Coroutine::sleep(0.001);
    $global += $now;
    return $now;
}

Coroutine\run(static function (): void {
    $sum = 0;
    for ($i = 0; $i < 4; $i++) {
        go(static function () use (&$sum): void {
            $sum += count_up();
        });
    }
    Coroutine::sleep(0.05);
    echo $sum, ' ', $GLOBALS['global'], "\n";
});
--EXPECT--
10 10
