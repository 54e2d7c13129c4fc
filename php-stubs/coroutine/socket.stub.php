<?php

namespace Swoole\Coroutine;

/**
 * A socket whose calls wait as coroutines do.
 *
 * A call is tried at once; only when nothing is there, or nothing more is taken, does the coroutine wait: one at a time for
 * reading and one for writing. A second one gets a `Swoole\Error`. Time-outs are in seconds; 0 is the socket's own (options
 * `SO_RCVTIMEO` and `SO_SNDTIMEO`, at first those of `Coroutine::set()`), negative is for ever. A call that fails returns false
 * and says why in {@see $errCode} and {@see $errMsg}.
 *
 * @native Socket
 * @not-serializable
 * @short-alias Co\Socket
 */
class Socket
{
    /**
     * The descriptor; -1 before the constructor.
     *
     * @readonly
     */
    public $fd = -1;
    /**
     * `AF_INET`, `AF_INET6` or `AF_UNIX`.
     *
     * @readonly
     */
    public $domain = 0;
    /**
     * `SOCK_STREAM`, `SOCK_DGRAM`, ...
     *
     * @readonly
     */
    public $type = 0;
    /**
     * The protocol that the constructor was given.
     *
     * @readonly
     */
    public $protocol = 0;
    /** Number of the last call's error: an errno, or one of `SWOOLE_ERROR_*`; 0 for none. */
    public $errCode = 0;
    /** The words for it. */
    public $errMsg = '';
    /** @internal of ext/sockets' replacements in Swoole; unused here */
    public $__ext_sockets_nonblock = false;
    /** @internal of ext/sockets' replacements in Swoole; unused here */
    public $__ext_sockets_timeout = 0;

    /**
     * @param int $domain `AF_INET`, `AF_INET6`, `AF_UNIX`, ...
     * @param int $type `SOCK_STREAM`, `SOCK_DGRAM`, ...
     * @throws Socket\Exception the system makes no such socket
     */
    public function __construct(int $domain, int $type, int $protocol = IPPROTO_IP)
    {
    }

    /**
     * Gives it an address.
     *
     * @param string $address an address of its family, or a path
     * @param int $port 0 lets the system choose one, see {@see getsockname()}
     */
    public function bind(string $address, int $port = 0): bool
    {
    }

    /** Lets it take connections. @param int $backlog how many may wait to be taken */
    public function listen(int $backlog = 512): bool
    {
    }

    /**
     * Waits for a connection.
     *
     * @return Socket|false the connection, with this socket's time-outs and packet settings. If `open_ssl` is on its
     *     {@see sslHandshake()} comes next
     */
    public function accept(float $timeout = 0): Socket|false
    {
    }

    /**
     * Connects, and makes the TLS handshake if `open_ssl` is on.
     *
     * @param string $host an address, a name, or a path
     * @param int $port required but for paths
     * @param float $timeout seconds to connect
     */
    public function connect(string $host, int $port = 0, float $timeout = 0): bool
    {
    }

    /** Whether the other end is there as far as the kernel knows: no wait. */
    public function checkLiveness(): bool
    {
    }

    /** The coroutine that waits for it, 0 for none. @param int $event `SWOOLE_EVENT_READ` and `SWOOLE_EVENT_WRITE` */
    public function getBoundCid(int $event): int
    {
    }

    /** What comes next, at most `$length` bytes, without taking it and without waiting. */
    public function peek(int $length = 65536): string|false
    {
    }

    /** Receives at most `$length` bytes, waiting for the first. `''` is the end of the stream. */
    public function recv(int $length = 65536, float $timeout = 0): string|false
    {
    }

    /** Sends as much as the socket takes in one go. @return int|false how many bytes that were */
    public function send(string $data, float $timeout = 0): int|false
    {
    }

    /**
     * Receives into several strings.
     *
     * @param array $io_vector their lengths
     * @return array|false as many strings as something came for, the last one may be shorter; `[]` at the end of the stream
     * @throws Socket\Exception an entry is not a length
     */
    public function readVector(array $io_vector, float $timeout = 0): array|false
    {
    }

    /** As {@see readVector()}, waiting until all of them are full. */
    public function readVectorAll(array $io_vector, float $timeout = 0): array|false
    {
    }

    /**
     * Sends several strings, one behind the other, as much as the socket takes in one go.
     *
     * @return int|false how many bytes that were
     * @throws Socket\Exception an entry is not a string, or empty
     */
    public function writeVector(array $io_vector, float $timeout = 0): int|false
    {
    }

    /** As {@see writeVector()}, waiting until all is sent. */
    public function writeVectorAll(array $io_vector, float $timeout = 0): int|false
    {
    }

    /** Sends a file from `$offset` on. @param int $length how many bytes; 0 for the rest */
    public function sendFile(string $file, int $offset = 0, int $length = 0): bool
    {
    }

    /** Receives `$length` bytes; fewer when the stream ends or an error comes first. */
    public function recvAll(int $length = 65536, float $timeout = 0): string|false
    {
    }

    /** Sends everything. @return int|false how many bytes, fewer when an error came first */
    public function sendAll(string $data, float $timeout = 0): int|false
    {
    }

    /** Receives a packet by the rule of {@see setProtocol()}. `''` is the end of the stream. */
    public function recvPacket(float $timeout = 0): string|false
    {
    }

    /** Receives up to the next CR or LF, which is part of what is returned, at most `$length` bytes. */
    public function recvLine(int $length = 65536, float $timeout = 0): string|false
    {
    }

    /** Receives at most `$length` bytes through a buffer, so that small pieces do not cost a call to the system each. */
    public function recvWithBuffer(int $length = 65536, float $timeout = 0): string|false
    {
    }

    /** Receives a message. @param mixed $peername becomes whose it is: `['address' => string, 'port' => int]` */
    public function recvfrom(mixed &$peername, float $timeout = 0): string|false
    {
    }

    /** Sends a message. @param string $addr an address, a name, or a path @return int|false its length */
    public function sendto(string $addr, int $port, string $data): int|false
    {
    }

    /** An option of the socket: an int, an array for `SO_LINGER`, `SO_RCVTIMEO`, `SO_SNDTIMEO` and `TCP_INFO`, or false. */
    public function getOption(int $level, int $opt_name): mixed
    {
    }

    /** Sets an option of the socket. The time-outs are this object's, not the kernel's. */
    public function setOption(int $level, int $opt_name, mixed $opt_value): bool
    {
    }

    /**
     * Says how {@see recvPacket()} tells packets apart, and whether and how the connection is encrypted.
     *
     * @param array $settings `open_length_check`, `package_length_type`, `package_length_offset`, `package_body_offset`,
     *     `package_length_func`, `open_eof_check`, `package_eof`, `package_max_length`, `open_ssl`, `ssl_*`
     * @return bool false when it is empty or an option is wrong
     */
    public function setProtocol(array $settings): bool
    {
    }

    /** Makes the TLS handshake: as the server on accepted connections, as the client otherwise. */
    public function sslHandshake(): bool
    {
    }

    /** Ends a direction, or both. @param int $how 0 reading, 1 writing, 2 both */
    public function shutdown(int $how = 2): bool
    {
    }

    /** Closes it; who waits for it gets false. */
    public function close(): bool
    {
    }

    /** Ends the wait of the coroutine that waits for it: that one gets false and `SOCKET_ECANCELED`. */
    public function cancel(int $event = SWOOLE_EVENT_READ): bool
    {
    }

    /** Its own address: `['address' => string, 'port' => int]`. */
    public function getsockname(): array|false
    {
    }

    /** The address at the other end: `['address' => string, 'port' => int]`. */
    public function getpeername(): array|false
    {
    }

    /** Whether it is closed. */
    public function isClosed(): bool
    {
    }

    /**
     * A socket around the descriptor of a stream, which it closes in the end.
     *
     * @param resource $stream
     */
    public static function import($stream): Socket|false
    {
    }
}
