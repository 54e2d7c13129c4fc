--TEST--
close() wakes waiting producers with false
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    $channel = new Channel(1);
    $channel->push('in the queue');
    for ($i = 0; $i < 2; $i++) {
        go(static function () use ($channel, $i): void {
            $result = $channel->push("value $i");
            echo "$i: ", var_export($result, true), ' ', $channel->errCode, "\n";
        });
    }
    var_dump($channel->close());
    print_r($channel->stats());
    var_dump($channel->pop(), $channel->errCode);
    var_dump($channel->pop(), $channel->errCode);
});
--EXPECT--
0: false -2
1: false -2
bool(true)
Array
(
    [consumer_num] => 0
    [producer_num] => 0
    [queue_num] => 1
)
string(12) "in the queue"
int(0)
bool(false)
int(-2)
