--TEST--
Deferred functions run after a caught exception; their argument is null
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    Coroutine::defer(static function (...$arguments): void {
        echo "deferred with ", count($arguments), " arguments\n";
    });
    try {
        throw new Exception('inner');
    } catch (Exception $e) {
        echo $e->getMessage(), "\n";
    }
});
--EXPECT--
inner
deferred with 1 arguments
