<?php

namespace Swoole {
    /**
     * Calls a function later, once or at an interval, from the event loop.
     *
     * Each call runs in a coroutine of its own (`swoole_async_set(['enable_coroutine' => false])`: on the main stack). Times are in
     * milliseconds; timers, sleeps and time-outs that fall together go off in the order of their times. A timer set outside of a
     * running loop runs when the loop does, at the end of the script at the latest. Timers keep the loop alive.
     *
     * @not-instantiable
     */
    class Timer
    {
        /**
         * Calls `$callback` every `$ms` milliseconds, with the timer's id and then `$params`, until it is cleared.
         *
         * A late timer does not catch up: its next time is the next multiple of the interval.
         *
         * @param int $ms at least 1
         * @return int|false the timer's id; false with a warning when `$ms` is below 1
         */
        public static function tick(int $ms, callable $callback, mixed ...$params): int|false
        {
        }

        /**
         * Calls `$callback` once after `$ms` milliseconds, with `$params`.
         *
         * @param int $ms at least 1
         * @return int|false the timer's id; false with a warning when `$ms` is below 1
         */
        public static function after(int $ms, callable $callback, mixed ...$params): int|false
        {
        }

        /** Whether a timer is set; it is until its last call has returned or waits. */
        public static function exists(int $timer_id): bool
        {
        }

        /**
         * A timer's state: `exec_msec` (next call, in milliseconds since the first timer), `exec_count` (calls done), `interval` (0 for
         * {@see Timer::after()}), `round` (turn of the loop in which it was set) and `removed`.
         *
         * @return array<string, int|bool>|null null when there is no such timer
         */
        public static function info(int $timer_id): ?array
        {
        }

        /**
         * Counts: `initialized`, `num` (timers, sleeping coroutines and time-outs) and `round` (turns of the loop).
         *
         * @return array<string, int|bool>
         */
        public static function stats(): array
        {
        }

        /** Ids of all timers, newest first. */
        public static function list(): Timer\Iterator
        {
        }

        /** Clears a timer. False when there is none with this id. */
        public static function clear(int $timer_id): bool
        {
        }

        /** Clears all timers set by PHP. False when none was ever set. */
        public static function clearAll(): bool
        {
        }
    }
}

namespace Swoole\Timer {
    /** Ids of timers. */
    class Iterator extends \ArrayIterator
    {
    }
}

namespace {
    /**
     * {@see \Swoole\Timer::tick()}; further arguments go to the callback.
     *
     * @accepts 65535
     */
    function swoole_timer_tick(int $ms, callable $callback): int|false
    {
    }

    /**
     * {@see \Swoole\Timer::after()}; further arguments go to the callback.
     *
     * @accepts 65535
     */
    function swoole_timer_after(int $ms, callable $callback): int|false
    {
    }

    /** {@see \Swoole\Timer::exists()} */
    function swoole_timer_exists(int $timer_id): bool
    {
    }

    /**
     * {@see \Swoole\Timer::info()}
     *
     * @return array<string, int|bool>|null
     */
    function swoole_timer_info(int $timer_id): ?array
    {
    }

    /**
     * {@see \Swoole\Timer::stats()}
     *
     * @return array<string, int|bool>
     */
    function swoole_timer_stats(): array
    {
    }

    /** {@see \Swoole\Timer::list()} */
    function swoole_timer_list(): \Swoole\Timer\Iterator
    {
    }

    /** {@see \Swoole\Timer::clear()} */
    function swoole_timer_clear(int $timer_id): bool
    {
    }

    /** {@see \Swoole\Timer::clearAll()} */
    function swoole_timer_clear_all(): bool
    {
    }
}
