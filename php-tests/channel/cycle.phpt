--TEST--
A channel that holds itself is collected
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine\Channel;

Swoole\Coroutine\run(static function (): void {
    $channel = new Channel(1);
    $weak = WeakReference::create($channel);
    $channel->push($channel);
    var_dump($channel->pop() === $channel);
    unset($channel);
    var_dump($weak->get());
});
--EXPECT--
bool(true)
NULL
