<?php

namespace Swoole\Coroutine\Http2;

/**
 * An HTTP/2 client: one connection, many requests on it at a time.
 *
 * What the server says is read while a coroutine is in `recv()` or `read()`, or waits for room to send; several coroutines may send at the same
 * time. Methods return false when they fail, and say why in `$errCode` and `$errMsg`.
 *
 * @native Client
 * @not-serializable
 * @short-alias Co\Http2\Client
 */
class Client
{
    /** Why the last operation failed: an errno, one of `SWOOLE_ERROR_*`, or the code of the server's GOAWAY. */
    public $errCode = 0;
    /** The same in words: for a GOAWAY the server's. */
    public $errMsg = "";
    /** Not used. */
    public $sock = -1;
    /** Not used. */
    public $type = 0;
    /** What `set()` was given, merged. */
    public $setting = null;
    /** The connection's socket, while there is one. */
    public $socket = null;
    /** Whether there is a connection, as far as has been noticed. */
    public $connected = false;
    /** What the constructor was given. */
    public $host = null;
    /** What the constructor was given. */
    public $port = 0;
    /** Whether connections are encrypted. */
    public $ssl = false;
    /** The last stream that the server has looked at, when it has sent a GOAWAY. */
    public $serverLastStreamId = 0;

    /**
     * @param string $host a name, an address, or `unix:/path`
     * @throws Client\Exception when the host is empty
     */
    public function __construct(string $host, int $port = 80, bool $open_ssl = false)
    {
    }

    public function __destruct()
    {
    }

    /**
     * Changes settings: `timeout` and `connect_timeout` (seconds), `package_max_length` (largest body, unpacked), and what
     * `Swoole\Coroutine\Http\Client::set()` takes for connections, proxies and TLS.
     */
    public function set(array $settings): bool
    {
    }

    /**
     * Connects. False, with `EISCONN`, when there is a connection.
     *
     * @throws \Swoole\Error outside of coroutines
     */
    public function connect(): bool
    {
    }

    /**
     * What is known of the connection: `current_stream_id` (of the next request), `last_stream_id`, `local_settings`, `remote_settings`,
     * `active_stream_num`.
     *
     * @param string $key one of them, or all
     */
    public function stats(string $key = ''): array|int
    {
    }

    /** Whether the reply of a stream is awaited; of stream 0, whether there is a connection. */
    public function isStreamExist(int $stream_id): bool
    {
    }

    /**
     * Sends a request. A body waits until the server has room for it.
     *
     * @return int|false the number of its stream, which its reply has too
     */
    public function send(\Swoole\Http2\Request $request): int|false
    {
    }

    /**
     * Sends more of the body of a request that was sent with `$pipeline`.
     *
     * @param mixed $data the part; an array is sent as a form
     * @param bool $end_stream whether this is the last part
     */
    public function write(int $stream_id, mixed $data, bool $end_stream = false): bool
    {
    }

    /**
     * Waits for the next whole reply of any stream. Its trailers are among its headers.
     *
     * A stream that the server gives up has a reply with the status `SWOOLE_HTTP_CLIENT_ESTATUS_SERVER_RESET` and the server's code.
     *
     * @param float $timeout seconds, 0 for what the settings say, negative for ever
     */
    public function recv(float $timeout = 0): \Swoole\Http2\Response|false
    {
    }

    /** As `recv()`, but a body that comes in parts is handed out as it comes, with `$pipeline` true until the last part. */
    public function read(float $timeout = 0): \Swoole\Http2\Response|false
    {
    }

    /** Sends a ping. */
    public function ping(): bool
    {
    }

    /**
     * Tells the server that no more requests will come.
     *
     * @param int $error_code one of `SWOOLE_HTTP2_ERROR_*`
     * @param string $debug_data words for the server's log, up to 1024 bytes
     */
    public function goaway(int $error_code = SWOOLE_HTTP2_ERROR_NO_ERROR, string $debug_data = ''): bool
    {
    }

    /** Closes the connection. False, with `EBADF`, when there is none. */
    public function close(): bool
    {
    }
}
