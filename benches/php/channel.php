<?php

declare(strict_types=1);

// Round trips of a value between two coroutines through two channels, argv[1] of them.

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

require __DIR__ . '/measure.php';

Coroutine\run(static function () use ($argv): void {
    report((int) $argv[1], static function (int $n): void {
        $there = new Channel(1);
        $back = new Channel(1);
        go(static function () use ($there, $back, $n): void {
            for ($i = 0; $i < $n; $i++) {
                $back->push($there->pop());
            }
        });
        for ($i = 0; $i < $n; $i++) {
            $there->push($i);
            $back->pop();
        }
    });
});
