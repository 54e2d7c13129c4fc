<?php

namespace Swoole\Coroutine;

/**
 * Starts functions as coroutines together and waits for all.
 *
 * @native Scheduler
 * @not-serializable
 * @short-alias Co\Scheduler
 */
final class Scheduler
{
    /**
     * Adds a function for {@see start()}.
     *
     * @param callable $func what to run
     * @param mixed ...$param its arguments
     */
    public function add(callable $func, mixed ...$param): void
    {
    }

    /**
     * Adds a function for {@see start()}, to run in several coroutines.
     *
     * @param int $n number of coroutines
     * @param callable $func what to run
     * @param mixed ...$param its arguments
     */
    public function parallel(int $n, callable $func, mixed ...$param): void
    {
    }

    /** Same as {@see \Swoole\Coroutine::set()}. */
    public function set(array $settings): void
    {
    }

    /** Same as {@see \Swoole\Coroutine::getOptions()}. */
    public function getOptions(): ?array
    {
    }

    /**
     * Starts what was added and runs the event loop until nothing is left to do.
     *
     * @return bool false, with a warning, when nothing was added or it runs already
     */
    public function start(): bool
    {
    }
}
