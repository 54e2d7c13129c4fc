<?php

declare(strict_types=1);

// Pairs of yield() and resume(), argv[1] of them.

use Swoole\Coroutine;

require __DIR__ . '/measure.php';

Coroutine\run(static function () use ($argv): void {
    report((int) $argv[1], static function (int $n): void {
        $id = go(static function () use ($n): void {
            for ($i = 0; $i < $n; $i++) {
                Coroutine::yield();
            }
        });
        for ($i = 0; $i < $n; $i++) {
            Coroutine::resume($id);
        }
    });
});
