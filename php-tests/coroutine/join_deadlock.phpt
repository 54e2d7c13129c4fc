--TEST--
Coroutines that join each other are a deadlock
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine::set(['deadlock_check_disable_trace' => true]);
Coroutine\run(static function (): void {
    $main = Coroutine::getCid();
    $child = go(static function () use ($main): void {
        Coroutine::sleep(0.001);
        Coroutine::join([$main]);
        echo "not reached\n";
    });
    Coroutine::join([$child]);
    echo "not reached\n";
});
echo "after\n";
--EXPECT--
=================================================================
  [FATAL ERROR]: all coroutines (count: 2) are asleep - deadlock!
 =================================================================

 =================================================================
after
