--TEST--
One coroutine at a time holds the lock; its holder may lock again, anybody may unlock
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Lock;

foreach ([false, true] as $shared) {
    $lock = new Lock($shared);
    Coroutine\run(static function () use ($lock): void {
        var_dump($lock->unlock(), $lock->lock(), $lock->lock(), $lock->lock(LOCK_EX | LOCK_NB), $lock->lock(LOCK_SH), $lock->errCode);
        foreach (['first', 'second'] as $name) {
            go(static function () use ($lock, $name): void {
                if ($name === 'first') {
                    var_dump($lock->lock(LOCK_NB), $lock->errCode === 16);
                }
                $lock->lock();
                echo "$name has it\n";
                Coroutine::sleep(0.002);
                echo "$name gives it back\n";
                $lock->unlock();
            });
        }
        Coroutine::sleep(0.005);
        go(static fn () => var_dump($lock->unlock()));
        echo "main goes on\n";
    });
    Coroutine\run(static fn () => var_dump($lock->lock(LOCK_NB)));
    Coroutine\run(static fn () => var_dump($lock->lock(LOCK_NB), $lock->unlock(), $lock->lock(LOCK_NB)));
}
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
int(0)
bool(false)
bool(true)
bool(true)
main goes on
first has it
first gives it back
second has it
second gives it back
bool(true)
bool(false)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
int(0)
bool(false)
bool(true)
bool(true)
main goes on
first has it
first gives it back
second has it
second gives it back
bool(true)
bool(false)
bool(true)
bool(true)
