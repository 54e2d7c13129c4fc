--TEST--
A hundred coroutines sleep together, not one after the other
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

$start = microtime(true);
Coroutine\run(static function (): void {
    for ($i = 0; $i < 100; $i++) {
        go(static function (): void {
            Coroutine::sleep(0.1);
        });
    }
});
$seconds = microtime(true) - $start;
var_dump($seconds >= 0.099, $seconds < 1.0);
--EXPECT--
bool(true)
bool(true)
