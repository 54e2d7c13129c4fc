<?php

declare(strict_types=1);

namespace Swoole\Thread;

/** What the threads of a {@see Pool} run. */
abstract class Runnable
{
    /** Whether the pool goes on: 1 or 0. */
    protected Atomic $running;

    /** The number of the thread in its pool, from 0. */
    protected int $id;

    /**
     * @param Atomic $running shared by all threads of the pool
     * @param int $index the number of the thread
     */
    public function __construct($running, $index)
    {
        $this->running = $running;
        $this->id = $index;
    }

    /** @param array $args what the pool got by {@see Pool::withArguments()} */
    abstract public function run(array $args): void;

    /** Whether the pool goes on. */
    protected function isRunning(): bool
    {
        return $this->running->get() === 1;
    }

    /** Lets the pool end: no thread is started again. */
    protected function shutdown(): void
    {
        $this->running->set(0);
    }
}
