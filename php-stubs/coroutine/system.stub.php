<?php

namespace Swoole\Coroutine;

/**
 * System calls that suspend the coroutine instead of blocking the process. {@see \Swoole\Coroutine} has the same methods.
 *
 * Everything here throws `Swoole\Error` outside a coroutine.
 *
 * @not-instantiable
 * @short-alias Co\System
 */
class System
{
    /**
     * The first address of a host, by the system's resolver; answers are kept for a while.
     *
     * @param string $domain_name the host
     * @param int $type `AF_INET` or `AF_INET6`
     * @param float $timeout seconds to wait at most, -1 for ever
     * @return string|false the address; false when there is none ({@see swoole_last_error()}: `SWOOLE_ERROR_DNSLOOKUP_RESOLVE_FAILED` or `_TIMEOUT`)
     */
    public static function gethostbyname(string $domain_name, int $type = AF_INET, float $timeout = -1): string|false
    {
    }

    /**
     * The first address of a host, asked from a name server over UDP; answers are kept for `dns_cache_refresh_time` seconds.
     *
     * @param string $domain_name the host
     * @param float $timeout seconds to wait at most
     * @param int $type `AF_INET` or `AF_INET6`
     * @return string|false the address; false when there is none (`SWOOLE_ERROR_DNSLOOKUP_RESOLVE_FAILED`)
     */
    public static function dnsLookup(string $domain_name, float $timeout = 60, int $type = AF_INET): string|false
    {
    }

    /**
     * Runs a shell command and collects its output.
     *
     * @param string $command what `/bin/sh -c` gets
     * @param bool $get_error_stream whether its error output is collected too
     * @return array|false `code` (its exit status), `signal` (what killed it, or 0) and `output`
     */
    public static function exec(string $command, bool $get_error_stream = false): array|false
    {
    }

    /**
     * Waits this many seconds; other coroutines run meanwhile.
     *
     * @param float $seconds at least 0.001
     * @return bool false when the time is too short, with a warning, and when the coroutine was cancelled
     */
    public static function sleep(float $seconds): bool
    {
    }

    /**
     * All addresses of a host, by the system's resolver.
     *
     * @param string $domain the host
     * @param int $family `AF_INET` or `AF_INET6`
     * @param int $socktype such as `SOCK_STREAM`
     * @param int $protocol such as `STREAM_IPPROTO_TCP`
     * @param ?string $service name or number of a port
     * @param float $timeout seconds to wait at most, -1 for ever
     * @return array|bool the addresses; false when there is none, or in time
     */
    public static function getaddrinfo(string $domain, int $family = AF_INET, int $socktype = SOCK_STREAM, int $protocol = STREAM_IPPROTO_TCP, ?string $service = null, float $timeout = -1): array|bool
    {
    }

    /**
     * Sizes of the file system that holds a path.
     *
     * @return array `bsize`, `frsize`, `blocks`, `bfree`, `bavail`, `files`, `ffree`, `favail`, `fsid`, `flag` and `namemax`
     * @throws \ValueError the path is empty
     */
    public static function statvfs(string $path): array
    {
    }

    /**
     * Reads a whole file.
     *
     * @param int $flag `LOCK_EX` takes a shared lock meanwhile
     * @return string|false what it holds; false when it cannot be opened or locked
     * @throws \ValueError the name is empty
     */
    public static function readFile(string $filename, int $flag = 0): string|false
    {
    }

    /**
     * Writes a whole file, making it if needed. A symbolic link is not followed.
     *
     * @param int $flags `FILE_APPEND` writes at the end instead of replacing what is there; `LOCK_EX` locks the file meanwhile
     * @return int|false the number of bytes written; false when it cannot be opened or locked
     * @throws \ValueError the name is empty
     */
    public static function writeFile(string $filename, string $fileContent, int $flags = 0): int|false
    {
    }

    /**
     * Waits for any child process to end.
     *
     * @param float $timeout seconds to wait at most, -1 for ever
     * @return array|false `pid`, `code` (its exit status) and `signal` (what killed it, or 0)
     */
    public static function wait(float $timeout = -1): array|false
    {
    }

    /**
     * Waits for one child process to end.
     *
     * @param int $pid its id; a negative one means any child
     * @param float $timeout seconds to wait at most, -1 for ever
     * @return array|false `pid`, `code` (its exit status) and `signal` (what killed it, or 0)
     */
    public static function waitPid(int $pid, float $timeout = -1): array|false
    {
    }

    /**
     * Waits for a signal.
     *
     * @param array|int $signals a signal's number, or several
     * @param float $timeout seconds to wait at most, -1 for ever
     * @return int|false the signal that came
     */
    public static function waitSignal(array|int $signals, float $timeout = -1): int|false
    {
    }

    /**
     * Waits until a socket or stream is ready.
     *
     * @param mixed $socket a descriptor's number, a stream, a `Socket` or an object with a socket
     * @param int $events `SWOOLE_EVENT_READ`, `SWOOLE_EVENT_WRITE` or both
     * @param float $timeout seconds to wait at most, -1 for ever
     * @return int|false which of them it is ready for
     */
    public static function waitEvent(mixed $socket, int $events = SWOOLE_EVENT_READ, float $timeout = -1): int|false
    {
    }
}
