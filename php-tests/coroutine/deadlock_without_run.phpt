--TEST--
A deadlock of top-level coroutines is reported at the end of the script
--FILE--
<?php

declare(strict_types=1);

error_reporting(E_ALL & ~E_DEPRECATED);
go(static function (): void {
    echo "1\n";
    Swoole\Coroutine::yield();
});
echo "2\n";
--EXPECTF--
1
2

 =================================================================
  [FATAL ERROR]: all coroutines (count: 1) are asleep - deadlock!
 =================================================================

  [Coroutine-1]
 -----------------------------------------------------------------
#0 %s(8): Swoole\Coroutine::yield()
#1 [internal function]: {closure%S}()

 =================================================================
