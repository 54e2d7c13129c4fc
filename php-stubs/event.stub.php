<?php

namespace Swoole {
    /**
     * The event loop: watching descriptors, and calls put off to the end of a round.
     *
     * @not-instantiable
     */
    class Event
    {
        /**
         * Watches a descriptor: each time the loop finds it ready the callback is called, in a coroutine of its own.
         *
         * A descriptor that stays ready is reported again in every round of the loop, until the callback reads or {@see del()} is called.
         * Its reads and writes no longer block from now on (`O_NONBLOCK`).
         *
         * @param mixed $fd a stream, a `Socket`, the number of a descriptor, or a `Swoole\Coroutine\Socket`, `Swoole\Client` or `Swoole\Process`
         * @param ?callable $read_callback called with `$fd` when there is something to read, at the end of a stream, and after an error
         * @param ?callable $write_callback called with `$fd` when there is room to write, and when a connection is made
         * @param int $events `SWOOLE_EVENT_READ`, `SWOOLE_EVENT_WRITE` or both
         * @return int|false the descriptor; false, with a warning, when it cannot be watched (a regular file), is watched already, or a callback
         *     is missing
         * @throws \Swoole\Exception a callback is not callable
         */
        public static function add(mixed $fd, ?callable $read_callback = null, ?callable $write_callback = null, int $events = SWOOLE_EVENT_READ): int|false
        {
        }

        /**
         * Watches a descriptor no longer; delete it before closing it.
         *
         * @param mixed $fd what {@see add()} was given, or the descriptor that it returned
         * @return bool false when it was not watched
         */
        public static function del(mixed $fd): bool
        {
        }

        /**
         * Changes the callbacks of a watched descriptor, and what it is watched for.
         *
         * @param mixed $fd what {@see add()} was given, or the descriptor that it returned
         * @param ?callable $read_callback null keeps the one before
         * @param ?callable $write_callback null keeps the one before
         * @param int $events `SWOOLE_EVENT_READ`, `SWOOLE_EVENT_WRITE` or both
         * @return bool false, with a warning, when it is not watched or a callback is missing
         * @throws \Swoole\Exception a callback is not callable
         */
        public static function set(mixed $fd, ?callable $read_callback = null, ?callable $write_callback = null, int $events = 0): bool
        {
        }

        /**
         * Whether a descriptor is watched for one of these events.
         *
         * @param mixed $fd what {@see add()} was given, or the descriptor that it returned
         * @param int $events `SWOOLE_EVENT_READ`, `SWOOLE_EVENT_WRITE` or both
         */
        public static function isset(mixed $fd, int $events = 1536): bool
        {
        }

        /**
         * Runs one round of the event loop: waits until something is due and serves it.
         *
         * @return bool false when nothing uses the loop
         */
        public static function dispatch(): bool
        {
        }

        /**
         * Calls a function at the end of this round of the event loop, in a coroutine of its own.
         *
         * @param callable $callback what is deferred while it runs waits for the next round
         * @return bool false, with a warning, when it is not callable
         */
        public static function defer(callable $callback): bool
        {
        }

        /**
         * Calls a function in every round of the event loop; it does not keep the loop running.
         *
         * @param ?callable $callback null ends it
         * @param bool $before at the beginning of each round, before the loop waits, instead of at its end
         * @return bool false when there was nothing to end
         */
        public static function cycle(?callable $callback, bool $before = false): bool
        {
        }

        /**
         * Sends data to a watched descriptor. What the system does not take at once is kept, and sent when there is room.
         *
         * @param mixed $fd what {@see add()} was given, or the descriptor that it returned
         * @param string $data at most `socket_buffer_size` bytes, with what is waiting
         * @return bool false when it is empty or too much, the descriptor is not watched, or on an error ({@see swoole_last_error()})
         */
        public static function write(mixed $fd, string $data): bool
        {
        }

        /**
         * Runs the event loop until nothing is left to do: no coroutine, timer, watched descriptor or deferred call.
         *
         * A fatal error inside a coroutine.
         */
        public static function wait(): void
        {
        }

        /**
         * Runs the event loop at the end of a script that left something to do; registered by itself as a shutdown function.
         */
        public static function rshutdown(): void
        {
        }

        /**
         * Ends the event loop after this round, whatever is left to do; all timers are cleared.
         */
        public static function exit(): void
        {
        }
    }
}

namespace {
    /**
     * Watches a descriptor: each time the loop finds it ready the callback is called, in a coroutine of its own.
     *
     * @see \Swoole\Event::add()
     */
    function swoole_event_add(mixed $fd, ?callable $read_callback = null, ?callable $write_callback = null, int $events = SWOOLE_EVENT_READ): int|false
    {
    }

    /**
     * Watches a descriptor no longer; delete it before closing it.
     *
     * @see \Swoole\Event::del()
     */
    function swoole_event_del(mixed $fd): bool
    {
    }

    /**
     * Changes the callbacks of a watched descriptor, and what it is watched for.
     *
     * @see \Swoole\Event::set()
     */
    function swoole_event_set(mixed $fd, ?callable $read_callback = null, ?callable $write_callback = null, int $events = 0): bool
    {
    }

    /**
     * Whether a descriptor is watched for one of these events.
     *
     * @see \Swoole\Event::isset()
     */
    function swoole_event_isset(mixed $fd, int $events = 1536): bool
    {
    }

    /**
     * Runs one round of the event loop: waits until something is due and serves it.
     *
     * @see \Swoole\Event::dispatch()
     */
    function swoole_event_dispatch(): bool
    {
    }

    /**
     * Calls a function at the end of this round of the event loop, in a coroutine of its own.
     *
     * @see \Swoole\Event::defer()
     */
    function swoole_event_defer(callable $callback): bool
    {
    }

    /**
     * Calls a function in every round of the event loop; it does not keep the loop running.
     *
     * @see \Swoole\Event::cycle()
     */
    function swoole_event_cycle(?callable $callback, bool $before = false): bool
    {
    }

    /**
     * Sends data to a watched descriptor. What the system does not take at once is kept, and sent when there is room.
     *
     * @see \Swoole\Event::write()
     */
    function swoole_event_write(mixed $fd, string $data): bool
    {
    }

    /**
     * Runs the event loop until nothing is left to do: no coroutine, timer, watched descriptor or deferred call.
     *
     * @see \Swoole\Event::wait()
     */
    function swoole_event_wait(): void
    {
    }

    /**
     * Runs the event loop at the end of a script that left something to do; registered by itself as a shutdown function.
     *
     * @see \Swoole\Event::rshutdown()
     */
    function swoole_event_rshutdown(): void
    {
    }

    /**
     * Ends the event loop after this round, whatever is left to do; all timers are cleared.
     *
     * @see \Swoole\Event::exit()
     */
    function swoole_event_exit(): void
    {
    }
}
