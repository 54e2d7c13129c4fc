--TEST--
Ids go on counting after coroutines have ended, over a second run() too
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    for ($i = 0; $i < 3; $i++) {
        echo go(static function (): void {
        }), "\n";
    }
});
Coroutine\run(static function (): void {
    echo Coroutine::getCid(), "\n";
});
--EXPECT--
2
3
4
5
