--TEST--
push() with a time-out on a full channel returns false and sets errCode
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    $channel = new Channel(1);
    var_dump($channel->push('first', 0.01), $channel->errCode);
    var_dump($channel->push('second', 0.01), $channel->errCode);
    var_dump($channel->pop(), $channel->errCode, $channel->length());
});
--EXPECT--
bool(true)
int(0)
bool(false)
int(-1)
string(5) "first"
int(0)
int(0)
