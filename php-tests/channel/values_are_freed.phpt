--TEST--
Values left in a channel are freed with it
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

class Parting
{
    public function __destruct()
    {
        echo "freed\n";
    }
}

Coroutine\run(static function (): void {
    $channel = new Channel(2);
    $channel->push(new Parting());
    $channel->push([new Parting()]);
    echo "before\n";
    unset($channel);
    echo "after\n";
});
--EXPECT--
before
freed
freed
after
