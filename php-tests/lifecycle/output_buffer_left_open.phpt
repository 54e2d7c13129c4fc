--TEST--
A buffer that a coroutine leaves open is flushed when it ends
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    go(static function (): void {
        ob_start(static fn (string $text): string => strtoupper($text));
        echo "left open\n";
        Coroutine::sleep(0.001);
        echo "twice\n";
    });
    Coroutine::sleep(0.05);
    echo "creator\n";
});
--EXPECT--
LEFT OPEN
TWICE
creator
