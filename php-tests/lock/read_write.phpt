--TEST--
a RWLOCK has many readers or one writer; a waiting writer keeps no reader out
--FILE--
<?php

use Swoole\Lock;

$lock = new Lock(Lock::RWLOCK);
echo "readers\n";
var_dump($lock->lock(LOCK_SH), $lock->lock(LOCK_SH | LOCK_NB), $lock->lock(LOCK_SH | LOCK_EX | LOCK_NB));
var_dump($lock->lock(LOCK_EX | LOCK_NB), $lock->errCode === SOCKET_EBUSY);
var_dump($lock->lock(LOCK_EX, 0.02), $lock->errCode === SOCKET_ETIMEDOUT);
var_dump($lock->unlock(), $lock->unlock(), $lock->lock(LOCK_NB), $lock->unlock());

echo "a writer\n";
var_dump($lock->lock(LOCK_NB), $lock->lock(LOCK_NB), $lock->lock(LOCK_SH | LOCK_NB));
foreach ([LOCK_EX, LOCK_SH] as $operation) {
    var_dump($lock->lock($operation), $lock->errCode === 35, $lock->lock($operation, 5));
}
var_dump($lock->unlock());

echo "both\n";
$lock->lock(LOCK_SH);
$pid = pcntl_fork();
if ($pid === 0) {
    $lock->lock();
    echo "child writes\n";
    $lock->unlock();
    exit(0);
}
usleep(50_000);
var_dump($lock->lock(LOCK_SH | LOCK_NB), $lock->unlock());
echo "parent has read\n";
$lock->unlock();
pcntl_waitpid($pid, $status);
?>
--EXPECT--
readers
bool(true)
bool(true)
bool(true)
bool(false)
bool(true)
bool(false)
bool(true)
bool(true)
bool(true)
bool(false)
bool(true)
a writer
bool(true)
bool(false)
bool(false)
bool(false)
bool(true)
bool(false)
bool(false)
bool(true)
bool(false)
bool(true)
both
bool(true)
bool(true)
parent has read
child writes
