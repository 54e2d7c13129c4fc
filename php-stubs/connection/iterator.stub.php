<?php

namespace Swoole\Connection;

/**
 * The open connections of a running server, or of one of its ports: `$server->connections`, `$port->connections`.
 *
 * Every process sees all of them, oldest first. `$connections[$fd]` is `getClientInfo($fd)`.
 *
 * @native Iterator
 * @not-serializable
 */
class Iterator implements \Iterator, \ArrayAccess, \Countable
{
    /**
     * @throws \Error always: take it from the server
     */
    public function __construct()
    {
    }

    public function __destruct()
    {
    }

    /**
     * Starts again with the oldest connection.
     */
    public function rewind(): void
    {
    }

    /**
     * Goes on to the next connection.
     */
    public function next(): void
    {
    }

    /**
     * @return int the connection
     */
    public function current(): mixed
    {
    }

    /**
     * @return int how many connections came before, from 1
     */
    public function key(): mixed
    {
    }

    /**
     * Whether there is another connection.
     */
    public function valid(): bool
    {
    }

    /**
     * How many connections are open.
     */
    public function count(): int
    {
    }

    /**
     * Whether this connection is open.
     *
     * @param int $fd
     */
    public function offsetExists(mixed $fd): bool
    {
    }

    /**
     * @param int $fd
     * @return array|false what `getClientInfo()` says
     */
    public function offsetGet(mixed $fd): mixed
    {
    }

    /**
     * Does nothing.
     */
    public function offsetSet(mixed $fd, mixed $value): void
    {
    }

    /**
     * Does nothing.
     */
    public function offsetUnset(mixed $fd): void
    {
    }
}
