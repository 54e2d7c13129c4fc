<?php

namespace Swoole\Coroutine;

/**
 * Waits for a number of tasks: `add()` before each, `done()` at its end, `wait()` for all.
 *
 * @short-alias Co\WaitGroup
 */
class WaitGroup
{
    protected Channel $chan;
    protected int $count = 0;
    protected bool $waiting = false;

    /** @param int $delta tasks to wait for from the beginning */
    public function __construct(int $delta = 0)
    {
    }

    /**
     * Counts tasks in.
     *
     * @throws \BadMethodCallException while someone waits
     * @throws \InvalidArgumentException when the count would be negative
     */
    public function add(int $delta = 1): void
    {
    }

    /**
     * Counts one task out; the last wakes who waits.
     *
     * @throws \BadMethodCallException when nothing is left to count out
     */
    public function done(): void
    {
    }

    /**
     * Waits until the count is 0.
     *
     * @param float $timeout seconds to wait, -1 for ever
     * @return bool false when the time passed
     * @throws \BadMethodCallException when someone waits already
     */
    public function wait(float $timeout = -1): bool
    {
    }

    /** Tasks not counted out yet. */
    public function count(): int
    {
    }
}
