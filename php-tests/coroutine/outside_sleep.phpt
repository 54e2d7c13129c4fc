--TEST--
sleep() outside of a coroutine is a fatal error
--FILE--
<?php

declare(strict_types=1);

register_shutdown_function(static function (): void {
    echo "shutdown\n";
});
try {
    Swoole\Coroutine::sleep(0.001);
} catch (Throwable $e) {
    echo $e::class;
}
echo "never\n";
--EXPECTF--

Fatal error: Uncaught Swoole\Error: API must be called in the coroutine in %s:9
Stack trace:
#0 %s(9): Swoole\Coroutine::sleep(0.001)
#1 {main}
  thrown in %s on line 9
