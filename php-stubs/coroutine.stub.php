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

    /** Milliseconds since the current coroutine (0) or the one given was created, -1 when it does not exist. */
    public static function getElapsed(int $cid = 0): int
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
