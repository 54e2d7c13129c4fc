--TEST--
push() and pop() after close()
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    $channel = new Channel(2);
    $channel->push(1);
    $channel->close();
    var_dump($channel->push(2), $channel->errCode);
    var_dump($channel->length(), $channel->isEmpty(), $channel->isFull());
    var_dump($channel->pop(), $channel->errCode);
    var_dump($channel->pop(), $channel->errCode);
    var_dump($channel->pop(0.01), $channel->errCode);
});
--EXPECT--
bool(false)
int(-2)
int(1)
bool(false)
bool(false)
int(1)
int(0)
bool(false)
int(-2)
bool(false)
int(-2)
