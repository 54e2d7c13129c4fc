<?php

namespace Swoole;

/**
 * An unsigned 32-bit number in memory shared with every process forked after it was made.
 *
 * Values are taken modulo 2 ** 32. With `wait()` and `wakeup()` it is also a signal between processes: 0 means "not yet", 1 means "go".
 *
 * @native Atomic
 * @not-serializable
 */
class Atomic
{
    /**
     * @param int $value what it holds at first
     * @throws Exception when there is no memory
     */
    public function __construct(int $value = 0)
    {
    }

    /** Adds, and returns the sum. */
    public function add(int $add_value = 1): int
    {
    }

    /** Subtracts, and returns the difference. */
    public function sub(int $sub_value = 1): int
    {
    }

    /** What it holds. */
    public function get(): int
    {
    }

    /** Replaces what it holds. */
    public function set(int $value): void
    {
    }

    /**
     * Turns a 1 into a 0; while it is 0, first waits for a `wakeup()`. Blocks the whole process, coroutines included.
     *
     * @param float $timeout seconds to wait at most; 0 or less: for ever
     * @return bool false when the time passed, a signal came, another process took the 1, or it held neither 0 nor 1
     */
    public function wait(float $timeout = 1): bool
    {
    }

    /**
     * Turns a 0 into a 1 and wakes processes that `wait()`; leaves any other value as it is.
     *
     * @param int $count how many to wake at most; one of them takes the 1
     */
    public function wakeup(int $count = 1): bool
    {
    }

    /**
     * Replaces what it holds if that is `$cmp_value`.
     *
     * @return bool whether it was
     */
    public function cmpset(int $cmp_value, int $new_value): bool
    {
    }
}
