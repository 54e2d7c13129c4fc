--TEST--
lock() takes, tries or waits for a while, and says in errCode why it failed
--FILE--
<?php

use Swoole\Lock;

foreach ([Lock::MUTEX => 'mutex', Lock::SPINLOCK => 'spin lock'] as $type => $name) {
    echo "$name\n";
    $lock = new Lock($type);
    var_dump($lock->unlock(), $lock->lock(), $lock->errCode);
    var_dump($lock->lock(LOCK_EX | LOCK_NB), $lock->errCode === SOCKET_EBUSY);
    $start = microtime(true);
    var_dump($lock->lock(LOCK_EX, 0.03), $lock->errCode === SOCKET_ETIMEDOUT, microtime(true) - $start >= 0.03);
    var_dump($lock->lock(LOCK_SH | LOCK_NB), $lock->errCode === SOCKET_EBUSY);
    var_dump($lock->unlock(), $lock->errCode === SOCKET_EBUSY, $lock->lock(LOCK_NB), $lock->unlock());
    var_dump($lock->lock(0), $lock->unlock(), $lock->lock(LOCK_EX, 0.0001), $lock->unlock());
}
?>
--EXPECT--
mutex
bool(true)
bool(true)
int(0)
bool(false)
bool(true)
bool(false)
bool(true)
bool(true)
bool(false)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
spin lock
bool(true)
bool(true)
int(0)
bool(false)
bool(true)
bool(false)
bool(true)
bool(true)
bool(false)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
