<?php

namespace Swoole;

/**
 * Coroutines: functions that run beside each other in one thread and switch where they wait.
 *
 * @not-instantiable
 * @short-alias Co
 */
class Coroutine
{
    /**
     * Starts a coroutine at once; returns when it first waits or ends.
     *
     * @param callable $func what to run
     * @param mixed ...$param its arguments
     * @return int|false the id of the coroutine; false when `max_coroutine` are alive already
     */
    public static function create(callable $func, mixed ...$param): int|false
    {
    }

    /**
     * Calls a function when the current coroutine ends, also when it ends by an exception; last added, first called.
     *
     * @throws Error outside a coroutine
     */
    public static function defer(callable $callback): void
    {
    }

    /**
     * Sets options of coroutines that start from now on.
     *
     * @param array $options `max_coroutine` (100000), `c_stack_size` (bytes, 2 MiB), `hook_flags` (`SWOOLE_HOOK_*`), and the
     *     default time-outs in seconds `socket_timeout`, `socket_connect_timeout`, `socket_read_timeout`, `socket_write_timeout`;
     *     unknown ones are ignored
     */
    public static function set(array $options): void
    {
    }

    /** What {@see set()} was given, all calls merged; null when it was never called. */
    public static function getOptions(): ?array
    {
    }

    /** Whether the coroutine with this id is alive. */
    public static function exists(int $cid): bool
    {
    }

    /**
     * Ends what a coroutine waits for: its call returns false at once.
     *
     * @param int $cid the coroutine
     * @param bool $throw_exception throw a {@see Coroutine\CanceledException} in it; if it does not wait, when it next runs
     * @return bool false when it does not exist (`SWOOLE_ERROR_CO_NOT_EXISTS`), when it does not wait or what it waits for cannot be
     *     broken off (`SWOOLE_ERROR_CO_CANNOT_CANCEL`; not with an exception), or when the exception is on its way already
     *     (`SWOOLE_ERROR_CO_CANCELED`)
     */
    public static function cancel(int $cid, bool $throw_exception = false): bool
    {
    }

    /**
     * Waits until all these coroutines have ended; ids that do not exist are left out.
     *
     * @param int[] $cid_array their ids
     * @param float $timeout seconds; not above 0: for ever
     * @return bool false when none of them exists (`SWOOLE_ERROR_INVALID_PARAMS`), one is the caller or is being joined already
     *     (`SWOOLE_ERROR_WRONG_OPERATION`), the time passed (`SWOOLE_ERROR_CO_TIMEDOUT`) or the caller was cancelled
     *     (`SWOOLE_ERROR_CO_CANCELED`)
     * @throws Error outside a coroutine
     */
    public static function join(array $cid_array, float $timeout = -1): bool
    {
    }

    /**
     * Whether the last wait of this coroutine ended because it was cancelled.
     *
     * @throws Error outside a coroutine
     */
    public static function isCanceled(): bool
    {
    }

    /**
     * Throws a {@see Coroutine\TimeoutException} in this coroutine when this time has passed, in what it waits for then. The loop goes
     * on until that time even if the coroutine has ended.
     *
     * @param float $timeout seconds; the fraction is cut off
     * @return bool false for 0
     * @throws Error outside a coroutine
     */
    public static function setTimeLimit(float $timeout): bool
    {
    }

    /** Waits until {@see resume()} is called for this coroutine. Same as {@see suspend()}. */
    public static function yield(): bool
    {
    }

    /** Waits until {@see resume()} is called for this coroutine. Same as {@see yield()}. */
    public static function suspend(): bool
    {
    }

    /**
     * Goes on with a coroutine that waits in {@see yield()}, at once; returns when that one waits again or ends.
     *
     * @return bool false, with a warning, when there is no such coroutine or it waits for something else
     */
    public static function resume(int $cid): bool
    {
    }

    /** Counters: `event_num`, `signal_listener_num`, `aio_task_num`, `aio_worker_num`, `aio_queue_size`, `c_stack_size`, `coroutine_num`, `coroutine_peak_num`, `coroutine_last_cid`. */
    public static function stats(): array
    {
    }

    /** The id of the current coroutine, -1 outside coroutines. */
    public static function getCid(): int
    {
    }

    /**
     * Same as {@see getCid()}.
     *
     * @rust get_cid
     */
    public static function getuid(): int
    {
    }

    /**
     * The id of the coroutine that created the current one (0) or the one given.
     *
     * @return int|false -1 for one created outside coroutines, false when it does not exist
     */
    public static function getPcid(int $cid = 0): int|false
    {
    }

    /**
     * The storage of the current coroutine (0) or the one given; it is freed with the coroutine.
     *
     * @return ?Coroutine\Context null when that coroutine does not exist
     */
    public static function getContext(int $cid = 0): ?Coroutine\Context
    {
    }

    /**
     * The stack trace of the current coroutine (0) or the one given, as `debug_backtrace()` returns it.
     *
     * @param int $cid -1 is the top level
     * @param int $options `DEBUG_BACKTRACE_*`
     * @param int $limit number of frames, 0 for all
     * @return array|false false when it does not exist
     */
    public static function getBackTrace(int $cid = 0, int $options = DEBUG_BACKTRACE_PROVIDE_OBJECT, int $limit = 0): array|false
    {
    }

    /**
     * Prints what {@see getBackTrace()} returns, as `debug_print_backtrace()` does.
     *
     * @param int $cid -1 is the top level
     * @param int $options `DEBUG_BACKTRACE_*`
     * @param int $limit number of frames, 0 for all
     */
    public static function printBackTrace(int $cid = 0, int $options = 0, int $limit = 0): void
    {
    }

    /** Milliseconds since the current coroutine (0) or the one given was created, -1 when it does not exist. */
    public static function getElapsed(int $cid = 0): int
    {
    }

    /**
     * Bytes of PHP's stack that the current coroutine (0) or the one given holds.
     *
     * @return int|false false when it does not exist
     */
    public static function getStackUsage(int $cid = 0): int|false
    {
    }

    /** The ids of all coroutines that are alive. Same as {@see listCoroutines()}. */
    public static function list(): Coroutine\Iterator
    {
    }

    /**
     * Same as {@see list()}.
     *
     * @rust list
     */
    public static function listCoroutines(): Coroutine\Iterator
    {
    }

    /** Lets the preemptive scheduler take this coroutine off again; false when it might before. */
    public static function enableScheduler(): bool
    {
    }

    /** Keeps the preemptive scheduler from taking this coroutine off; false when that was so before. */
    public static function disableScheduler(): bool
    {
    }

    /**
     * Waits this many seconds; other coroutines run meanwhile.
     *
     * @param float $seconds at least 0.001; 0 lets every other coroutine that is ready run first
     * @return bool false, with a warning, for a negative time
     * @throws Error outside a coroutine
     */
    public static function sleep(float $seconds): bool
    {
    }

    /** Same as {@see Coroutine\System::gethostbyname()}. */
    public static function gethostbyname(string $domain_name, int $type = AF_INET, float $timeout = -1): string|false
    {
    }

    /** Same as {@see Coroutine\System::dnsLookup()}. */
    public static function dnsLookup(string $domain_name, float $timeout = 60, int $type = AF_INET): string|false
    {
    }

    /** Same as {@see Coroutine\System::exec()}. */
    public static function exec(string $command, bool $get_error_stream = false): array|false
    {
    }

    /** Same as {@see Coroutine\System::getaddrinfo()}. */
    public static function getaddrinfo(string $domain, int $family = AF_INET, int $socktype = SOCK_STREAM, int $protocol = STREAM_IPPROTO_TCP, ?string $service = null, float $timeout = -1): array|bool
    {
    }

    /** Same as {@see Coroutine\System::statvfs()}. */
    public static function statvfs(string $path): array
    {
    }

    /** Same as {@see Coroutine\System::readFile()}. */
    public static function readFile(string $filename, int $flag = 0): string|false
    {
    }

    /** Same as {@see Coroutine\System::writeFile()}. */
    public static function writeFile(string $filename, string $fileContent, int $flags = 0): int|false
    {
    }

    /** Same as {@see Coroutine\System::wait()}. */
    public static function wait(float $timeout = -1): array|false
    {
    }

    /** Same as {@see Coroutine\System::waitPid()}. */
    public static function waitPid(int $pid, float $timeout = -1): array|false
    {
    }

    /** Same as {@see Coroutine\System::waitSignal()}. */
    public static function waitSignal(array|int $signals, float $timeout = -1): int|false
    {
    }

    /** Same as {@see Coroutine\System::waitEvent()}. */
    public static function waitEvent(mixed $socket, int $events = SWOOLE_EVENT_READ, float $timeout = -1): int|false
    {
    }
}
