<?php

namespace Swoole\Coroutine;

/**
 * A client whose calls let other coroutines run while they wait.
 *
 * @native Client
 * @not-serializable
 * @short-alias Co\Client
 */
class Client
{
    /** Urgent data. */
    public const MSG_OOB = 1;
    /** Leave what is read where it is. */
    public const MSG_PEEK = 2;
    /** Do not wait. */
    public const MSG_DONTWAIT = 64;
    /** Wait for all bytes. */
    public const MSG_WAITALL = 256;

    /** The last failure: an errno, or one of `SWOOLE_ERROR_*`. */
    public $errCode = 0;
    /** Words for {@see $errCode}. */
    public $errMsg = '';
    /** The descriptor of the last socket; -1 before the first. */
    public $fd = -1;
    /** The connection as a {@see Socket}; null without one. */
    public $socket;
    /** What the constructor was given. */
    public $type = 1;
    /** What {@see set()} was given. */
    public $setting;
    /** Whether {@see connect()} was successful and nobody has closed the connection here since. */
    public $connected = false;

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
     * Adds settings, which count from now on.
     *
     * @param array $settings `timeout`, `connect_timeout`, `read_timeout`, `write_timeout` in seconds, negative for ever; `bind_address`,
     *     `bind_port`, `socket_buffer_size`, `open_tcp_nodelay`; those of {@see Socket::setProtocol()} for packets and TLS; `socks5_host`,
     *     `socks5_port`, `socks5_username`, `socks5_password`, `http_proxy_host`, `http_proxy_port`, `http_proxy_user`, `http_proxy_password`
     * @return bool false when it is empty or cannot be followed
     */
    public function set(array $settings): bool
    {
    }

    /**
     * Connects; a name is looked up first.
     *
     * @param string $host an address, a name, or the path of a Unix socket
     * @param float $timeout seconds that connecting, and each later read and write, may take; 0 leaves what was set
     * @param int $sock_flag not used
     * @return bool false, with `errCode` and `errMsg`, when there is no connection
     * @throws \Swoole\Error outside of coroutines
     */
    public function connect(string $host, int $port = 0, float $timeout = 0, int $sock_flag = 0): bool
    {
    }

    /**
     * Waits for data; with settings for packets, for one packet.
     *
     * @param float $timeout seconds; 0 is what was set, negative for ever
     * @return string|false an empty string at the end of the stream; false, with `errCode`, after a time-out (`ETIMEDOUT`) or a failure
     */
    public function recv(float $timeout = 0): string|false
    {
    }

    /**
     * Shows what has come without taking it; does not wait.
     *
     * @param int $length bytes at most
     * @return string|false false, with `errCode`, when nothing has come (`EAGAIN`)
     */
    public function peek(int $length = 65535): string|false
    {
    }

    /**
     * Sends everything.
     *
     * @param float $timeout seconds; 0 is what was set, negative for ever
     * @return int|false number of bytes that were sent; fewer, with `errCode`, when a failure came in between; false when it came first
     */
    public function send(string $data, float $timeout = 0): int|false
    {
    }

    /**
     * Sends a file, or part of it.
     *
     * @param int $length bytes; 0 is all the rest
     */
    public function sendfile(string $filename, int $offset = 0, int $length = 0): bool
    {
    }

    /**
     * Sends a datagram to somebody; needs no {@see connect()}.
     *
     * @param string $address an address, a name, or the path of a Unix socket
     */
    public function sendto(string $address, int $port, string $data): bool
    {
    }

    /**
     * Waits for a datagram.
     *
     * @param int $length bytes of it that are wanted; what is longer is cut off
     * @param mixed $address becomes the sender's address
     * @param mixed $port becomes the sender's port
     */
    public function recvfrom(int $length, mixed &$address, mixed &$port = 0): string|false
    {
    }

    /** Speaks TLS from now on; false, with `errCode`, when that cannot be. */
    public function enableSSL(): bool
    {
    }

    /** The peer's certificate as PEM text; false, with `errCode`, without TLS. */
    public function getPeerCert(): string|false
    {
    }

    /** Whether the peer's certificate is good; false, with `errCode`, without TLS. */
    public function verifyPeerCert(bool $allow_self_signed = false): bool
    {
    }

    /** Whether there is a connection. One that the peer has closed counts until a call has found out. */
    public function isConnected(): bool
    {
    }

    /** Address (`host` and `address`) and port of this side. */
    public function getsockname(): array|false
    {
    }

    /** Address (`host` and `address`) and port of the other side. */
    public function getpeername(): array|false
    {
    }

    /**
     * Ends the connection.
     *
     * @return bool false when there is none; also when another coroutine waits for it: that one is sent away first, with `ECANCELED`, and
     *     `errCode` is `SWOOLE_ERROR_CO_SOCKET_CLOSE_WAIT`
     */
    public function close(): bool
    {
    }

    /** The connection as a {@see Socket}, to which closing it here is closing it there; null without one. */
    public function exportSocket(): Socket|false
    {
    }
}
