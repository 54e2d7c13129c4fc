--TEST--
Without the library the deadlock report has no traces
--INI--
swoole.enable_library=Off
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

go(static fn () => Coroutine::yield());
go(static fn () => Coroutine::yield());
swoole_event_wait();
--EXPECT--
===================================================================
  [FATAL ERROR]: all coroutines (count: 2) are asleep - deadlock! 
 ===================================================================
