--TEST--
Deferred functions run last first when the coroutine ends
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    defer(static function (): void {
        echo "first deferred\n";
    });
    Coroutine::defer(static function (): void {
        echo "second deferred\n";
        Coroutine::sleep(0.001);
        echo "second deferred slept\n";
    });
    Coroutine\defer(static function (): void {
        echo "third deferred, cid ", Coroutine::getCid(), "\n";
    });
    echo "body\n";
});
--EXPECT--
body
third deferred, cid 1
second deferred
second deferred slept
first deferred
