--TEST--
A coroutine with a time-out is no deadlock
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    $channel = new Coroutine\Channel();
    go(static function () use ($channel): void {
        var_dump($channel->pop(0.01));
    });
    var_dump((new Coroutine\Channel())->pop(0.02));
});
--EXPECT--
bool(false)
bool(false)
