--TEST--
Time-outs of zero and below mean forever, also very small and integer ones
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    foreach ([0, -1, 0.0, -0.5] as $seconds) {
        $channel = new Channel(1);
        go(static function () use ($channel): void {
            Coroutine::sleep(0.005);
            $channel->push('later');
        });
        var_dump($channel->pop($seconds));
    }
    foreach ([0.001, 0.0001] as $seconds) {
        $channel = new Channel(1);
        var_dump($channel->pop($seconds), $channel->errCode);
    }
});
--EXPECT--
string(5) "later"
string(5) "later"
string(5) "later"
string(5) "later"
bool(false)
int(-1)
bool(false)
int(-1)
