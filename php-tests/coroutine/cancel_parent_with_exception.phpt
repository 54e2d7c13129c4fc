--TEST--
An exception for a coroutine that waits for its child is thrown when the child lets go
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    $parent = Coroutine::getCid();
    try {
        go(static function () use ($parent): void {
            var_dump(Coroutine::cancel($parent, true));
            var_dump(Coroutine::cancel($parent, true), swoole_last_error() === SWOOLE_ERROR_CO_CANCELED);
            echo "child goes on\n";
            Coroutine::sleep(0.001);
            echo "child ends\n";
        });
        echo "not reached\n";
    } catch (Coroutine\CanceledException) {
        echo "caught by the parent\n";
    }
    Coroutine::sleep(0.005);
    echo "parent ends\n";
});
--EXPECT--
bool(true)
bool(false)
bool(true)
child goes on
caught by the parent
child ends
parent ends
