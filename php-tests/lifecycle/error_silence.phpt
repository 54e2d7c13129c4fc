--TEST--
The @ operator silences only its own coroutine
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

function noisy(string $who): void
{
    Coroutine::sleep(0.001);
    trigger_error("from $who", E_USER_WARNING);
}

Coroutine\run(static function (): void {
    go(static function (): void {
        @noisy('silenced');
        echo "level after: ", error_reporting() === E_ALL ? 'all' : error_reporting(), "\n";
    });
    echo "level beside: ", error_reporting() === E_ALL ? 'all' : error_reporting(), "\n";
    noisy('loud');
});
--EXPECTF--
level beside: all
level after: all

Warning: from loud in %s on line 10
