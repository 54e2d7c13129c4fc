--TEST--
yield() outside of a coroutine is a fatal error
--FILE--
<?php

declare(strict_types=1);

try {
    Swoole\Coroutine::yield();
} catch (Throwable $e) {
    echo $e::class;
}
echo "never\n";
--EXPECTF--

Fatal error: Uncaught Swoole\Error: API must be called in the coroutine in %s:6
Stack trace:
#0 %s(6): Swoole\Coroutine::yield()
#1 {main}
  thrown in %s on line 6
