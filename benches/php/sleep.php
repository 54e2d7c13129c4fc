<?php

declare(strict_types=1);

// argv[1] coroutines in batches of 1000 that sleep a millisecond and are joined.

use Swoole\Coroutine;

require __DIR__ . '/measure.php';

Coroutine\run(static function () use ($argv): void {
    report((int) $argv[1], static function (int $n): void {
        for ($done = 0; $done < $n; $done += 1000) {
            $ids = [];
            for ($i = 0; $i < 1000; $i++) {
                $ids[] = go(static function (): void {
                    Coroutine::sleep(0.001);
                });
            }
            if (!Coroutine::join($ids)) {
                throw new Exception('join: ' . swoole_last_error());
            }
        }
    });
});
