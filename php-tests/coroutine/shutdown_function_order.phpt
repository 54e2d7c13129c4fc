--TEST--
Top-level coroutines go on at the place in the order of shutdown functions where the first go() was called
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

error_reporting(E_ALL & ~E_DEPRECATED);
register_shutdown_function(static fn () => print("registered before\n"));
go(static function (): void {
    Coroutine::sleep(0.001);
    echo "coroutine\n";
});
register_shutdown_function(static fn () => print("registered after\n"));
echo "end of script\n";
--EXPECT--
end of script
registered before
coroutine
registered after
