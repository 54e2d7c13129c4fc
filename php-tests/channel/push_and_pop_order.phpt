--TEST--
Values come out in the order they went in
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    $channel = new Channel(3);
    var_dump($channel->push('a'), $channel->push(['b' => 1]), $channel->push('c'));
    var_dump($channel->length(), $channel->isFull(), $channel->isEmpty());
    var_dump($channel->pop(), $channel->pop(), $channel->pop());
    var_dump($channel->length(), $channel->isFull(), $channel->isEmpty(), $channel->errCode);
});
--EXPECT--
bool(true)
bool(true)
bool(true)
int(3)
bool(true)
bool(false)
string(1) "a"
array(1) {
  ["b"]=>
  int(1)
}
string(1) "c"
int(0)
bool(false)
bool(true)
int(0)
