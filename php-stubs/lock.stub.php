<?php

namespace Swoole;

/**
 * A lock shared with every process forked after it was made.
 *
 * It blocks the whole process, coroutines included: between coroutines use {@see Coroutine\Lock}. Whoever ends, or is killed, while it
 * holds the lock loses it: the others go on within a tenth of a second.
 *
 * @native Lock
 * @not-serializable
 */
class Lock
{
    /** One holder. */
    public const MUTEX = 3;
    /** Many who read, or one who writes. Waiting writers keep no reader out. */
    public const RWLOCK = 1;
    /** One holder, for short times. */
    public const SPINLOCK = 5;

    /** Why `lock()` failed last: `SOCKET_EBUSY`, `SOCKET_ETIMEDOUT`, `SOCKET_EAGAIN` or 35 (EDEADLK); success leaves it as it is. */
    public $errCode = 0;

    /**
     * @param int $type `Lock::MUTEX`, `Lock::RWLOCK` or `Lock::SPINLOCK`
     * @throws Exception for any other type, and when there is no memory
     */
    public function __construct(int $type = SWOOLE_MUTEX)
    {
    }

    /**
     * Takes the lock, waiting for it.
     *
     * @param int $operation `LOCK_EX`, or `LOCK_SH` to read with a `RWLOCK`; `| LOCK_NB` to return at once
     * @param float $timeout seconds to wait, counted in whole milliseconds; less than one of them: for ever
     * @return bool false with {@see $errCode} `SOCKET_EBUSY` when it is held and `LOCK_NB` was given, `SOCKET_ETIMEDOUT` when the time passed,
     *     35 (EDEADLK) when this process has the `RWLOCK` for writing already, `SOCKET_EAGAIN` when it has too many readers
     * @throws Error when a child class did not call the constructor
     */
    public function lock(int $operation = LOCK_EX, float $timeout = -1): bool
    {
    }

    /**
     * Lets it go. Any process may: what this one holds first, else what another one holds. A free lock stays free.
     *
     * @throws Error when a child class did not call the constructor
     */
    public function unlock(): bool
    {
    }
}
