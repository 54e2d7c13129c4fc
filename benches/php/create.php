<?php

declare(strict_types=1);

// Coroutines that are created and end at once, argv[1] of them.

require __DIR__ . '/measure.php';

Swoole\Coroutine\run(static function () use ($argv): void {
    report((int) $argv[1], static function (int $n): void {
        $body = static function (): void {
        };
        for ($i = 0; $i < $n; $i++) {
            go($body);
        }
    });
});
