--TEST--
set_error_handler() in one coroutine: what the others see
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    go(static function (): void {
        set_error_handler(static function (int $level, string $message): bool {
            echo "handler of 2: $message\n";
            return true;
        });
        Coroutine::sleep(0.002);
        trigger_error('from 2', E_USER_NOTICE);
    });
    trigger_error('from 1', E_USER_NOTICE);
    Coroutine::sleep(0.05);
    trigger_error('from 1 later', E_USER_NOTICE);
});
--EXPECT--
handler of 2: from 1
handler of 2: from 2
handler of 2: from 1 later
