--TEST--
defer() outside of a coroutine is a fatal error when nobody catches it
--FILE--
<?php

declare(strict_types=1);

Swoole\Coroutine::defer(static function (): void {
    echo "never\n";
});
echo "never\n";
--EXPECTF--

Fatal error: Uncaught Swoole\Error: API must be called in the coroutine in %s:5
Stack trace:
#0 %s(5): Swoole\Coroutine::defer(Object(Closure))
#1 {main}
  thrown in %s on line 5
