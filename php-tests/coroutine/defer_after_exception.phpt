--TEST--
Deferred functions run after a caught exception
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    Coroutine::defer(static function (): void {
        echo "deferred\n";
    });
    try {
        throw new Exception('inner');
    } catch (Exception $e) {
        echo $e->getMessage(), "\n";
    }
});
--EXPECT--
inner
deferred
