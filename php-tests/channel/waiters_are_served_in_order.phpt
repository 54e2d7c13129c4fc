--TEST--
Waiting consumers and producers are served first come, first served
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    $channel = new Channel(2);
    for ($i = 0; $i < 4; $i++) {
        go(static function () use ($channel, $i): void {
            echo "consumer $i got " . $channel->pop() . "\n";
        });
    }
    print_r($channel->stats());
    foreach (['a', 'b', 'c', 'd'] as $value) {
        $channel->push($value);
    }
    for ($i = 0; $i < 5; $i++) {
        go(static function () use ($channel, $i): void {
            $channel->push("p$i");
            echo "producer $i done\n";
        });
    }
    print_r($channel->stats());
    for ($i = 0; $i < 5; $i++) {
        echo $channel->pop(), "\n";
    }
    print_r($channel->stats());
});
--EXPECT--
Array
(
    [consumer_num] => 4
    [producer_num] => 0
    [queue_num] => 0
)
consumer 0 got a
consumer 1 got b
consumer 2 got c
consumer 3 got d
producer 0 done
producer 1 done
Array
(
    [consumer_num] => 0
    [producer_num] => 3
    [queue_num] => 2
)
producer 2 done
p0
producer 3 done
p1
producer 4 done
p2
p3
p4
Array
(
    [consumer_num] => 0
    [producer_num] => 0
    [queue_num] => 0
)
