--TEST--
A subclass that does not call the constructor is a fatal error at the first use
--FILE--
<?php

declare(strict_types=1);

class Broken extends Swoole\Coroutine\Channel
{
    public function __construct()
    {
    }
}

Swoole\Coroutine\run(static function (): void {
    (new Broken())->push(1);
    echo "never\n";
});
--EXPECTF--

Fatal error: Uncaught Swoole\Error: must call constructor first in %s:13
Stack trace:
#0 %s(13): Swoole\Coroutine\Channel->push(1)
#1 [internal function]: {closure%S}()
#2 {main}
  thrown in %s on line 13
