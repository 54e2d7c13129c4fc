--TEST--
sleep() with a wrong type is a TypeError
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    foreach (['soon', '0.001', null, [], new stdClass(), true] as $seconds) {
        try {
            var_dump(Coroutine::sleep($seconds));
        } catch (TypeError $e) {
            echo $e->getMessage(), "\n";
        }
    }
    try {
        Coroutine::sleep();
    } catch (ArgumentCountError $e) {
        echo $e->getMessage(), "\n";
    }
});
--EXPECTF--
Swoole\Coroutine::sleep(): Argument #1 ($seconds) must be of type float, string given
Swoole\Coroutine::sleep(): Argument #1 ($seconds) must be of type float, string given
Swoole\Coroutine::sleep(): Argument #1 ($seconds) must be of type float, null given
Swoole\Coroutine::sleep(): Argument #1 ($seconds) must be of type float, array given
Swoole\Coroutine::sleep(): Argument #1 ($seconds) must be of type float, stdClass given
Swoole\Coroutine::sleep(): Argument #1 ($seconds) must be of type float, %r(bool|true)%r given
Swoole\Coroutine::sleep() expects exactly 1 argument, 0 given
