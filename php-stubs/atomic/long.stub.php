<?php

namespace Swoole\Atomic;

/**
 * A signed 64-bit number in memory shared with every process forked after it was made. It wraps around at its ends.
 *
 * @native Long
 * @not-serializable
 */
class Long
{
    /**
     * @param int $value what it holds at first
     * @throws \Swoole\Exception when there is no memory
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
     * Replaces what it holds if that is `$cmp_value`.
     *
     * @return bool whether it was
     */
    public function cmpset(int $cmp_value, int $new_value): bool
    {
    }
}
