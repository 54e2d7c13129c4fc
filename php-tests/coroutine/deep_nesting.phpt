--TEST--
A thousand coroutines, each created by the one before
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

function nest(int $left): void
{
    go(static function () use ($left): void {
        if ($left > 1) {
            nest($left - 1);
        } else {
            echo Coroutine::getCid(), ' ', Coroutine::getPcid(), ' ', Coroutine::stats()['coroutine_num'], "\n";
        }
    });
}

Coroutine\run(static function (): void {
    nest(1000);
    echo Coroutine::stats()['coroutine_num'], "\n";
});
--EXPECT--
1001 1000 1001
1
