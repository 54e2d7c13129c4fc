--TEST--
The capacity is at least 1 and can be read
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    foreach ([new Channel(), new Channel(5), new Channel(0), new Channel(-3)] as $channel) {
        var_dump($channel->capacity, $channel->errCode);
    }
});
var_dump((new Channel(2))->capacity);
--EXPECT--
int(1)
int(0)
int(5)
int(0)
int(1)
int(0)
int(1)
int(0)
int(2)
