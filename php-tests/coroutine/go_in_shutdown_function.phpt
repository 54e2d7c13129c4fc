--TEST--
go() in a shutdown function is waited for
--FILE--
<?php

declare(strict_types=1);

error_reporting(E_ALL & ~E_DEPRECATED);
register_shutdown_function(static function (): void {
    go(static function (): void {
        Swoole\Coroutine::sleep(0.001);
        echo "slept at shutdown\n";
    });
    echo "shutdown function\n";
});
go(static function (): void {
    Swoole\Coroutine::sleep(0.1);
    echo "slept\n";
});
echo "script\n";
--EXPECT--
script
shutdown function
slept at shutdown
slept
