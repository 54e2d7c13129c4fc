--TEST--
Outside of coroutines a lock cannot be used
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine\Lock;

$lock = new Lock();
var_dump($lock->lock(), $lock->errCode === SWOOLE_ERROR_CO_OUT_OF_COROUTINE, swoole_last_error());
$lock->errCode = 0;
var_dump($lock->lock(LOCK_NB), $lock->unlock(), $lock->errCode === SWOOLE_ERROR_CO_OUT_OF_COROUTINE);
--EXPECTF--
[%s]	WARNING	CoroutineLock::lock_impl(): The coroutine lock can only be used in a coroutine environment
bool(false)
bool(true)
int(0)
[%s]	WARNING	CoroutineLock::lock_impl(): The coroutine lock can only be used in a coroutine environment
[%s]	WARNING	CoroutineLock::unlock(): The coroutine lock can only be used in a coroutine environment
bool(false)
bool(false)
bool(true)
