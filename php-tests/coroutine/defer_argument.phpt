--TEST--
A deferred function gets what the coroutine's function returned
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): string {
    Coroutine::defer(static fn (mixed ...$arguments) => print(json_encode($arguments) . "\n"));
    go(static function (): void {
        Coroutine::defer(static fn (mixed ...$arguments) => print(json_encode($arguments) . "\n"));
    });
    return 'result';
});
--EXPECT--
[null]
["result"]
