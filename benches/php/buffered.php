<?php

declare(strict_types=1);

// argv[1] values through a channel with room for 256, from one coroutine to another.

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

require __DIR__ . '/measure.php';

Coroutine\run(static function () use ($argv): void {
    report((int) $argv[1], static function (int $n): void {
        $channel = new Channel(256);
        go(static function () use ($channel, $n): void {
            for ($i = 0; $i < $n; $i++) {
                $channel->push($i);
            }
        });
        for ($i = 0; $i < $n; $i++) {
            $channel->pop();
        }
    });
});
