--TEST--
When every coroutine waits for another one, the deadlock is reported
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

var_dump(Coroutine\run(static function (): void {
    go(static function (): void {
        Coroutine::yield();
        echo "never\n";
    });
    Coroutine::suspend();
    echo "never\n";
}));
echo "after run\n";
--EXPECTF--

 =================================================================
  [FATAL ERROR]: all coroutines (count: 2) are asleep - deadlock!
 =================================================================

%A
 =================================================================
bool(true)
after run
