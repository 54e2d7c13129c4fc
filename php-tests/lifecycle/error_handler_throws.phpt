--TEST--
An error handler that throws works in every coroutine
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

set_error_handler(static function (int $level, string $message): never {
    throw new ErrorException($message, 0, $level);
});

Coroutine\run(static function (): void {
    for ($i = 0; $i < 3; $i++) {
        go(static function () use ($i): void {
            try {
                echo [][$i];
            } catch (ErrorException $e) {
                echo $e->getMessage(), "\n";
            }
        });
    }
});
--EXPECT--
Undefined array key 0
Undefined array key 1
Undefined array key 2
