--TEST--
pop() with a time-out returns false and sets errCode
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    $channel = new Channel(1);
    $start = microtime(true);
    var_dump($channel->pop(0.02));
    $took = microtime(true) - $start;
    var_dump($took >= 0.019, $took < 1, $channel->errCode, SWOOLE_CHANNEL_TIMEOUT);
    $channel->push('value');
    var_dump($channel->pop(0.02), $channel->errCode);
});
--EXPECT--
bool(false)
bool(true)
bool(true)
int(-1)
int(-1)
string(5) "value"
int(0)
