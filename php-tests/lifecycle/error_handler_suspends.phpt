--TEST--
An error handler may suspend its coroutine
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

set_error_handler(static function (int $level, string $message): bool {
    Coroutine::sleep(0.002);
    echo "handled: $message\n";
    return true;
});

Coroutine\run(static function (): void {
    go(static function (): void {
        trigger_error('first', E_USER_WARNING);
        trigger_error('second', E_USER_WARNING);
    });
    Coroutine::sleep(0.2);
    trigger_error('third', E_USER_WARNING);
});
--EXPECT--
handled: first
handled: second
handled: third
