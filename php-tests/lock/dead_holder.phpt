--TEST--
what a process holds when it dies is free: killed, ended, a zombie or reaped
--FILE--
<?php

use Swoole\Atomic;
use Swoole\Lock;

function holder(Lock $lock, int $operation, bool $killed): int
{
    $has = new Atomic();
    $pid = pcntl_fork();
    if ($pid === 0) {
        $lock->lock($operation);
        $has->wakeup();
        while ($killed) {
            sleep(60);
        }
        exit(0);
    }
    $has->wait(10);
    return $pid;
}

$cases = [
    'mutex' => [Lock::MUTEX, LOCK_EX, LOCK_EX],
    'spin lock' => [Lock::SPINLOCK, LOCK_EX, LOCK_EX],
    'writer' => [Lock::RWLOCK, LOCK_EX, LOCK_SH],
    'reader' => [Lock::RWLOCK, LOCK_SH, LOCK_EX],
];
foreach ($cases as $name => [$type, $theirs, $ours]) {
    $lock = new Lock($type);
    $results = [];

    // killed while we wait; nobody reaps it
    $pid = holder($lock, $theirs, true);
    $killer = pcntl_fork();
    if ($killer === 0) {
        usleep(20_000);
        posix_kill($pid, SIGKILL);
        exit(0);
    }
    $start = microtime(true);
    $results[] = $lock->lock($ours);
    $results[] = microtime(true) - $start < 5;
    $lock->unlock();
    pcntl_waitpid($killer, $status);
    pcntl_waitpid($pid, $status);

    // ended and reaped before we come
    $pid = holder($lock, $theirs, false);
    pcntl_waitpid($pid, $status);
    $results[] = $lock->lock($ours | LOCK_NB);
    $lock->unlock();

    // ended and reaped, waiting for a while
    $pid = holder($lock, $theirs, false);
    pcntl_waitpid($pid, $status);
    $results[] = $lock->lock($ours, 5);
    echo "$name: ", json_encode($results), "\n";
}
?>
--EXPECT--
mutex: [true,true,true,true]
spin lock: [true,true,true,true]
writer: [true,true,true,true]
reader: [true,true,true,true]
