--TEST--
stats() counts waiting consumers, waiting producers and queued values
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    $channel = new Channel(1);
    var_dump($channel->stats());
    go(static fn () => $channel->pop());
    go(static fn () => $channel->pop());
    var_dump($channel->stats());
    $channel->push(1);
    $channel->push(2);
    $channel->push(3);
    go(static fn () => $channel->push(4));
    var_dump($channel->stats());
    $channel->pop();
    $channel->pop();
});
--EXPECT--
array(3) {
  ["consumer_num"]=>
  int(0)
  ["producer_num"]=>
  int(0)
  ["queue_num"]=>
  int(0)
}
array(3) {
  ["consumer_num"]=>
  int(2)
  ["producer_num"]=>
  int(0)
  ["queue_num"]=>
  int(0)
}
array(3) {
  ["consumer_num"]=>
  int(0)
  ["producer_num"]=>
  int(1)
  ["queue_num"]=>
  int(1)
}
