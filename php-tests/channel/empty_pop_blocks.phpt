--TEST--
pop() on an empty channel suspends until a push(), which runs the consumer at once
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    $channel = new Channel(1);
    go(static function () use ($channel): void {
        for ($i = 1; $i <= 4; $i++) {
            echo "pop\n";
            echo 'popped ' . $channel->pop() . "\n";
        }
    });
    for ($i = 1; $i <= 4; $i++) {
        echo "push $i\n";
        $channel->push($i);
        echo "pushed $i\n";
    }
});
--EXPECT--
pop
push 1
popped 1
pop
pushed 1
push 2
popped 2
pop
pushed 2
push 3
popped 3
pop
pushed 3
push 4
popped 4
pushed 4
