--TEST--
A waiter that timed out is not served later
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    $channel = new Channel(1);
    go(static function () use ($channel): void {
        var_dump($channel->pop(0.005));
    });
    go(static function () use ($channel): void {
        var_dump($channel->pop(1));
    });
    Coroutine::sleep(0.1);
    print_r($channel->stats());
    $channel->push('for the second');
    print_r($channel->stats());
});
--EXPECT--
bool(false)
Array
(
    [consumer_num] => 1
    [producer_num] => 0
    [queue_num] => 0
)
string(14) "for the second"
Array
(
    [consumer_num] => 0
    [producer_num] => 0
    [queue_num] => 0
)
