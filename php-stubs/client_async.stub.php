<?php

namespace Swoole\Async;

/**
 * A client that the event loop serves: functions that {@see on()} was given are called when something has happened.
 *
 * They run outside of coroutines, one after the other. Sending never waits: what the socket does not take is kept.
 *
 * @not-serializable
 */
class Client extends \Swoole\Client
{
    private $onConnect;
    private $onError;
    private $onReceive;
    private $onClose;
    private $onBufferFull;
    private $onBufferEmpty;
    private $onSSLReady;

    /**
     * @param int $type one of `SWOOLE_SOCK_*`, with `| SWOOLE_SSL` for TLS
     * @throws \TypeError there is no such type
     */
    public function __construct(int $type)
    {
    }

    public function __destruct()
    {
    }

    /**
     * Begins to connect; a name is looked up on another thread. `connect` or `error` is called in the end.
     *
     * @param string $host an address, a name, or the path of a Unix socket
     * @param float $timeout seconds until `error` is called with `ETIMEDOUT`; negative for ever, 0 for the defaults of `swoole_async_set()`
     * @param int $sock_flag 1: a datagram socket receives from its peer alone
     * @return bool false, with a warning and `errCode`, when that failed at once; `error` was called then
     */
    public function connect(string $host, int $port = 0, float $timeout = 0.5, int $sock_flag = 0): bool
    {
    }

    /** Takes in nothing until {@see wakeup()}; false when it does so already. */
    public function sleep(): bool
    {
    }

    /** Takes data in again; false when it does. */
    public function wakeup(): bool
    {
    }

    /** As {@see sleep()}. */
    public function pause(): bool
    {
    }

    /** As {@see wakeup()}. */
    public function resume(): bool
    {
    }

    /**
     * Speaks TLS from now on.
     *
     * @param ?callable $onSslReady called with this object when that is possible; a failure is told to `error`
     * @throws \Swoole\Exception when no function is given
     */
    public function enableSSL(?callable $onSslReady = null): bool
    {
    }

    /** Whether there is a connection. */
    public function isConnected(): bool
    {
    }

    /**
     * Ends the connection at once; `close` is called if it was open.
     *
     * @return bool false when it has ended, with a warning when there is none
     */
    public function close(bool $force = false): bool
    {
    }

    /**
     * Sets a function that the loop calls with this object; `receive` gets the data, too.
     *
     * @param string $host what it is called for: `connect`, `receive`, `close`, `error`, `bufferFull` or `bufferEmpty`; the first letters will do
     * @param callable $callback `connect`, `receive`, `close` and `error` are needed for streams, `receive` for datagrams
     */
    public function on(string $host, callable $callback): bool
    {
    }
}
