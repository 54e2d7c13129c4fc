--TEST--
Coroutines that wait for one another's channels are a deadlock; the rest of the script runs
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    $one = new Channel();
    $other = new Channel();
    go(static function () use ($one, $other): void {
        $one->pop();
        $other->push(1);
    });
    $other->pop();
    $one->push(1);
});
echo "after run\n";
--EXPECTF--

 =================================================================
  [FATAL ERROR]: all coroutines (count: 2) are asleep - deadlock!
 =================================================================

%A
 =================================================================
after run%A
