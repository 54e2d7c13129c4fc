<?php

namespace Swoole\Redis;

/**
 * A server of several processes that speaks Redis's protocol (RESP 2): each command has a handler of its own.
 *
 * A command and its arguments may have `package_max_length` bytes in all (2 MiB unless set); a client that sends more, or something else, is
 * disconnected. Clients may send several commands at once.
 *
 * @not-serializable
 */
class Server extends \Swoole\Server
{
    /** A reply of nothing. */
    public const NIL = 1;
    /** A reply that is an error's text, `ERR` unless given. */
    public const ERROR = 0;
    /** A reply that is a short text, `OK` unless given. */
    public const STATUS = 2;
    /** A reply that is a number. */
    public const INT = 3;
    /** A reply that is a string of any bytes, at most 512 MiB. */
    public const STRING = 4;
    /** A reply that is a list of values. */
    public const SET = 5;
    /** A reply that is a list of keys and values in turn. */
    public const MAP = 6;

    /**
     * Sets the handler of a command; the last one given counts.
     *
     * It is called as `function (int $fd, array $arguments): ?string` and may return the reply or {@see \Swoole\Server::send()} it. When it throws, the
     * connection is closed.
     *
     * @param string $command at most 63 bytes; case does not matter
     * @return bool null, with a warning, for something that cannot be called
     */
    public function setHandler(string $command, callable $callback): bool
    {
    }

    /** The handler of a command; null when there is none. */
    public function getHandler(string $command): \Closure
    {
    }

    /**
     * A value in Redis's protocol. Inside of arrays: ints and bools are numbers, null is nil, arrays are lists, or maps unless their keys are
     * 0, 1, 2 ...; everything else is a string.
     *
     * @param int $type one of the constants
     * @param mixed $value what it is about; line breaks in an error or a status become spaces
     * @throws \Swoole\Exception when the value is missing, of the wrong type, too long or nested too deeply, or there is no such type
     */
    public static function format(int $type, mixed $value = null): string|false
    {
    }
}
