--TEST--
The @ operator silences only its own coroutine
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

function noisy(string $who, float $seconds): void
{
    Coroutine::sleep($seconds);
    trigger_error("from $who", E_USER_WARNING);
}

Coroutine\run(static function (): void {
    go(static function (): void {
        @noisy('silenced', 0.001);
        echo "level after: ", error_reporting() === E_ALL ? 'all' : error_reporting(), "\n";
    });
    echo "level beside: ", error_reporting() === E_ALL ? 'all' : error_reporting(), "\n";
    noisy('loud', 0.05);
});
--EXPECTF--
level beside: all
level after: all

Warning: from loud in %s on line 10
