--TEST--
run() works in a shutdown function
--FILE--
<?php

declare(strict_types=1);

register_shutdown_function(static function (): void {
    Swoole\Coroutine\run(static function (): void {
        Swoole\Coroutine::sleep(0.001);
        echo "slept at shutdown\n";
    });
});
echo "script\n";
--EXPECT--
script
slept at shutdown
