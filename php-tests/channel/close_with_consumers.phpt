--TEST--
close() wakes waiting consumers with false
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    $channel = new Channel(1);
    for ($i = 0; $i < 3; $i++) {
        go(static function () use ($channel, $i): void {
            $value = $channel->pop();
            echo "$i: ", var_export($value, true), ' ', $channel->errCode, "\n";
        });
    }
    var_dump($channel->close(), SWOOLE_CHANNEL_CLOSED);
    echo "after close\n";
    var_dump($channel->close());
});
--EXPECT--
0: false -2
1: false -2
2: false -2
bool(true)
int(-2)
after close
bool(false)
