<?php

declare(strict_types=1);

namespace Swoole\Coroutine;

use Swoole\Coroutine;
use Swoole\Exception;
use Swoole\Timer;

/**
 * Waits until nobody refers to it any more.
 *
 * Give it to other coroutines, for instance with `use ($barrier)`: `wait()` returns when the last of them has ended or dropped it.
 */
class Barrier
{
    /** The wait for this barrier, once there is one; its `cid` is null as soon as it is over. */
    private ?\stdClass $wait = null;

    public function __destruct()
    {
        if ($this->wait !== null) {
            self::wake($this->wait);
        }
    }

    public static function make(): self
    {
        return new self();
    }

    /**
     * Drops the barrier, and waits until all others have dropped it.
     *
     * @param Barrier $barrier is null afterwards
     * @param float $timeout seconds to wait; without end when negative or less than a millisecond
     * @throws Exception when it is being waited for already
     */
    public static function wait(Barrier &$barrier, float $timeout = -1): void
    {
        if ($barrier->wait !== null) {
            throw new Exception('The barrier is waiting, cannot wait again.');
        }
        $wait = $barrier->wait = new \stdClass();
        $wait->cid = Coroutine::getCid();
        $milliseconds = $timeout > 0 ? (int) ($timeout * 1000) : 0;
        $timer = $milliseconds > 0 ? Timer::after($milliseconds, static fn () => self::wake($wait)) : null;
        $barrier = null;
        if ($wait->cid !== null) {
            Coroutine::yield();
            // Whoever woke it, the barrier must not do so again.
            $wait->cid = null;
        }
        if ($timer !== null && Timer::exists($timer)) {
            Timer::clear($timer);
        }
    }

    private static function wake(\stdClass $wait): void
    {
        $cid = $wait->cid;
        $wait->cid = null;
        if ($cid !== null && $cid !== Coroutine::getCid()) {
            Coroutine::resume($cid);
        }
    }
}
