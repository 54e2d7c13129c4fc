--TEST--
defer() outside of a coroutine is a fatal error
--FILE--
<?php

declare(strict_types=1);

register_shutdown_function(static function (): void {
    echo "shutdown\n";
});
Swoole\Coroutine::defer(static function (): void {
    echo "never\n";
});
echo "never\n";
--EXPECTF--

Fatal error: Uncaught Swoole\Error: API must be called in the coroutine in %s:8
Stack trace:
#0 %s(8): Swoole\Coroutine::defer(Object(Closure))
#1 {main}
  thrown in %s on line 8
