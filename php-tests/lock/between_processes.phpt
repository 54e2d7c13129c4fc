--TEST--
one process waits for another, and any of them may unlock
--FILE--
<?php

use Swoole\Lock;

foreach ([Lock::MUTEX, Lock::SPINLOCK, Lock::RWLOCK] as $type) {
    $lock = new Lock($type);
    $lock->lock();
    $waits = pcntl_fork();
    if ($waits === 0) {
        $start = microtime(true);
        $lock->lock();
        echo 'the waiter has it ', microtime(true) - $start > 0.03 ? "after a while\n" : "at once\n";
        exit(0);
    }
    $unlocks = pcntl_fork();
    if ($unlocks === 0) {
        usleep(50_000);
        echo "a third unlocks\n";
        $lock->unlock();
        exit(0);
    }
    pcntl_waitpid($unlocks, $status);
    pcntl_waitpid($waits, $status);
}
?>
--EXPECT--
a third unlocks
the waiter has it after a while
a third unlocks
the waiter has it after a while
a third unlocks
the waiter has it after a while
