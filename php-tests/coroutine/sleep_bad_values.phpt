--TEST--
sleep() of less than a millisecond, zero or a negative time warns, returns false and does not suspend
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    go(static function (): void {
        foreach ([0.0009, 0.000001, 0, 0.0, -1, -0.5] as $seconds) {
            var_dump(Coroutine::sleep($seconds));
        }
    });
    echo "only now the creator\n";
});
--EXPECTF--

Warning: Swoole\Coroutine::sleep(): Timer must be greater than or equal to 0.001 in %s on line 10
bool(false)

Warning: Swoole\Coroutine::sleep(): Timer must be greater than or equal to 0.001 in %s on line 10
bool(false)

Warning: Swoole\Coroutine::sleep(): Timer must be greater than or equal to 0.001 in %s on line 10
bool(false)

Warning: Swoole\Coroutine::sleep(): Timer must be greater than or equal to 0.001 in %s on line 10
bool(false)

Warning: Swoole\Coroutine::sleep(): Timer must be greater than or equal to 0.001 in %s on line 10
bool(false)

Warning: Swoole\Coroutine::sleep(): Timer must be greater than or equal to 0.001 in %s on line 10
bool(false)
only now the creator
