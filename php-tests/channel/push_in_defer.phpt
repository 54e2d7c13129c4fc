--TEST--
A deferred function may push to a waiting consumer
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    $done = new Channel(3);
    for ($i = 0; $i < 3; $i++) {
        go(static function () use ($done, $i): void {
            Coroutine::defer(static fn () => $done->push($i));
            Coroutine::sleep(0.02 * (3 - $i));
        });
    }
    echo $done->pop(), $done->pop(), $done->pop(), "\n";
});
--EXPECT--
210
