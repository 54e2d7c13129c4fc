--TEST--
errCode belongs to the channel, and a later success sets it back
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine\Channel;

Swoole\Coroutine\run(static function (): void {
    $one = new Channel(1);
    $other = new Channel(1);
    $one->pop(0.001);
    var_dump($one->errCode, $other->errCode);
    $one->push(1);
    var_dump($one->errCode);
    var_dump(SWOOLE_CHANNEL_OK, SWOOLE_CHANNEL_TIMEOUT, SWOOLE_CHANNEL_CLOSED, SWOOLE_CHANNEL_CANCELED);
});
--EXPECT--
int(-1)
int(0)
int(0)
int(0)
int(-1)
int(-2)
int(-3)
