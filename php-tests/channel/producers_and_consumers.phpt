--TEST--
Three producers, two consumers, nothing lost
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    $channel = new Channel(4);
    $left = 3;
    for ($p = 0; $p < 3; $p++) {
        go(static function () use ($channel, $p, &$left): void {
            for ($i = 0; $i < 100; $i++) {
                $channel->push($p * 100 + $i);
                if ($i % 7 === $p) {
                    Coroutine::sleep(0.001);
                }
            }
            if (--$left === 0) {
                $channel->close();
            }
        });
    }
    $got = [];
    for ($c = 0; $c < 2; $c++) {
        go(static function () use ($channel, &$got): void {
            while (($value = $channel->pop()) !== false) {
                $got[] = $value;
            }
            if ($channel->errCode === SWOOLE_CHANNEL_CLOSED) {
                echo "closed\n";
            }
        });
    }
    Coroutine::sleep(0.5);
    sort($got);
    var_dump($got === range(0, 299));
});
--EXPECT--
closed
closed
bool(true)
