--TEST--
locks are made once, of a known type, and not cloned or serialized
--FILE--
<?php

use Swoole\Lock;

class NotConstructed extends Lock
{
    public function __construct()
    {
    }
}

function attempt(Closure $what): void
{
    try {
        var_dump($what());
    } catch (Throwable $error) {
        echo get_class($error), " {$error->getCode()}: {$error->getMessage()}\n";
    }
}

$lock = new Lock();
attempt(fn () => new Lock(2));
attempt(fn () => @new Lock(null));
attempt(fn () => new Lock('x'));
attempt(fn () => $lock->__construct());
attempt(fn () => $lock->lock(1, 2, 3));
attempt(fn () => $lock->lock('x'));
attempt(fn () => $lock->lock(2, 'x'));
attempt(fn () => clone $lock);
attempt(fn () => serialize($lock));
attempt(function () use ($lock) {
    unset($lock->errCode);
});
attempt(fn () => (new NotConstructed())->lock());
attempt(fn () => (new NotConstructed())->unlock());
attempt(fn () => [Lock::MUTEX === SWOOLE_MUTEX, Lock::RWLOCK === SWOOLE_RWLOCK, Lock::SPINLOCK === SWOOLE_SPINLOCK]);
for ($i = 0; $i < 10_000; $i++) {
    (new Lock($i % 2 ? Lock::MUTEX : Lock::RWLOCK))->lock();
}
attempt(fn () => $lock->lock(LOCK_NB));
?>
--EXPECT--
Swoole\Exception 2: lock type[%d] is not support
Swoole\Exception 0: lock type[%d] is not support
TypeError 0: Swoole\Lock::__construct(): Argument #1 ($type) must be of type int, string given
Error 0: Constructor of Swoole\Lock can only be called once
ArgumentCountError 0: Swoole\Lock::lock() expects at most 2 arguments, 3 given
TypeError 0: Swoole\Lock::lock(): Argument #1 ($operation) must be of type int, string given
TypeError 0: Swoole\Lock::lock(): Argument #2 ($timeout) must be of type float, string given
Error 0: Trying to clone an uncloneable object of class Swoole\Lock
Exception 0: Serialization of 'Swoole\Lock' is not allowed
Error 0: Property errCode of class Swoole\Lock cannot be unset
Swoole\Error 509: must call constructor first
Swoole\Error 509: must call constructor first
array(3) {
  [0]=>
  bool(true)
  [1]=>
  bool(true)
  [2]=>
  bool(true)
}
bool(true)
