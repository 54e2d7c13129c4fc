--TEST--
A generator that is running in one coroutine cannot be advanced by another
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    $generator = (static function (): Generator {
        Coroutine::sleep(0.005);
        yield 1;
    })();
    go(static function () use ($generator): void {
        echo $generator->current(), "\n";
    });
    try {
        $generator->current();
    } catch (Error $e) {
        echo $e->getMessage(), "\n";
    }
});
--EXPECT--
Cannot resume an already running generator
1
