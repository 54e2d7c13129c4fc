<?php

namespace Swoole\Http;

/**
 * The answer to an HTTP request.
 *
 * When it is destroyed before `end()` it ends by itself; with 500, unless a status was set.
 *
 * @native Response
 * @not-serializable
 */
class Response
{
    /** Number of the connection. */
    public $fd = 0;
    /** The connection, for protocols beyond HTTP. */
    public $socket = null;
    /** Headers set so far, or null. */
    public $header = null;
    /** Set-Cookie lines so far, or null. */
    public $cookie = null;
    /** Trailers set so far, or null. */
    public $trailer = null;

    /** Makes the arrays `$header`, `$cookie` and `$trailer`. */
    public function initHeader(): bool
    {
    }

    /** Whether the answer has not been ended. */
    public function isWritable(): bool
    {
    }

    /** Adds a cookie; its value is url-encoded. An empty value deletes it in the browser. */
    public function cookie(Cookie|string $name_or_object, string $value = "", int $expires = 0, string $path = "/", string $domain = "", bool $secure = false, bool $httponly = false, string $samesite = "", string $priority = "", bool $partitioned = false): bool
    {
    }

    /**
     * As `cookie()`.
     *
     * @rust cookie
     */
    public function setCookie(Cookie|string $name_or_object, string $value = "", int $expires = 0, string $path = "/", string $domain = "", bool $secure = false, bool $httponly = false, string $samesite = "", string $priority = "", bool $partitioned = false): bool
    {
    }

    /** Adds a cookie whose value is taken as it is. */
    public function rawcookie(Cookie|string $name_or_object, string $value = "", int $expires = 0, string $path = "/", string $domain = "", bool $secure = false, bool $httponly = false, string $samesite = "", string $priority = "", bool $partitioned = false): bool
    {
    }

    /**
     * As `rawcookie()`.
     *
     * @rust rawcookie
     */
    public function setRawCookie(Cookie|string $name_or_object, string $value = "", int $expires = 0, string $path = "/", string $domain = "", bool $secure = false, bool $httponly = false, string $samesite = "", string $priority = "", bool $partitioned = false): bool
    {
    }

    /** Sets the status code, and other words than the usual ones for it. */
    public function status(int $http_code, string $reason = ""): bool
    {
    }

    /**
     * As `status()`.
     *
     * @rust status
     */
    public function setStatusCode(int $http_code, string $reason = ""): bool
    {
    }

    /**
     * Sets a header; an array becomes several lines.
     *
     * @param bool $format whether the name is written Like-This in {@see $header}
     */
    public function header(string $key, array|string $value, bool $format = true): bool
    {
    }

    /**
     * As `header()`.
     *
     * @rust header
     */
    public function setHeader(string $key, array|string $value, bool $format = true): bool
    {
    }

    /**
     * Sets a line that follows a body sent with `write()`.
     *
     * @param string $key at most 127 bytes; it is sent in lower case
     */
    public function trailer(string $key, string $value): bool
    {
    }

    /** HTTP/2 and WebSocket: asks the client whether it is there. False with a warning on other connections. */
    public function ping(string $data = ""): bool
    {
    }

    /** HTTP/2: tells the client to use another connection. False with a warning on other connections. */
    public function goaway(int $error_code = SWOOLE_HTTP2_ERROR_NO_ERROR, string $debug_data = ""): bool
    {
    }

    /** Sends a part of the body, waiting while the client is slow. False when the client is gone or the answer has ended. */
    public function write(string $content): bool
    {
    }

    /** Sends the body, or its last part after `write()`. False when the client is gone or the answer has ended before. */
    public function end(?string $content = null): bool
    {
    }

    /**
     * Sends a file, or a part of it, and ends the answer. Where nothing is encrypted the kernel copies it.
     *
     * Without a header `Content-Type`, the name's ending decides. False with a warning when the file or the part is not there.
     *
     * @param int $offset where the part begins
     * @param int $length bytes of the part; 0 means up to the end
     */
    public function sendfile(string $filename, int $offset = 0, int $length = 0): bool
    {
    }

    /** Leaves the answer open when this object goes: `create()` with its `$fd` makes another one for it, in any process of the server. */
    public function detach(): bool
    {
    }

    /**
     * Answers the request that waits on a connection of the running server, or writes an answer to a socket.
     *
     * Any process of the server may answer any request: a task worker, another worker, the master in its timer. If the handler has
     * not left its answer with `detach()`, the first of both counts. An object that goes without an answer gives a 500.
     *
     * False with a warning when no server runs, or when the server is given and `$fd` is no open connection of it.
     *
     * @param object|array|int $server a `Swoole\Server` or a `Coroutine\Socket`, or one of them and a {@see Request} in an array, or the
     *     number `$fd` itself
     * @param int $fd number of the connection
     */
    public static function create(object|array|int $server = -1, int $fd = -1): Response|false
    {
    }

    /** Sends the client elsewhere and ends the answer. */
    public function redirect(string $location, int $http_code = 302): bool
    {
    }

    /**
     * Makes the connection a WebSocket, with the headers and cookies set so far. On servers inside of coroutines. Over HTTP/2 it is the
     * request's stream that becomes one (RFC 8441).
     *
     * @return bool false, and the client gets 400, when the request did not ask for it
     */
    public function upgrade(): bool
    {
    }

    /**
     * Sends a WebSocket message, waiting while the client is slow.
     *
     * @param int $opcode one of `SWOOLE_WEBSOCKET_OPCODE_*`; counts when `$data` is no frame
     * @param int $flags without `SWOOLE_WEBSOCKET_FLAG_FIN` more of the message follows
     * @return bool false, with `swoole_last_error()`, when it was not sent: the connection is closed, or the client has not read
     *     anything for `socket_write_timeout` seconds
     */
    public function push(\Swoole\WebSocket\Frame|string $data, int $opcode = SWOOLE_WEBSOCKET_OPCODE_TEXT, int $flags = SWOOLE_WEBSOCKET_FLAG_FIN): bool
    {
    }

    /**
     * Waits for the next WebSocket message. Pings and close frames are answered meanwhile.
     *
     * @param float $timeout seconds; 0 is `socket_read_timeout`, a negative number for ever
     * @return \Swoole\WebSocket\Frame|string|false an empty string when the connection has been closed; false, with
     *     `swoole_last_error()`, when the time is over or what came was no message
     */
    public function recv(float $timeout = 0): \Swoole\WebSocket\Frame|string|false
    {
    }

    /** Closes the connection, of whatever kind, when what is under way has been sent. False when it is closed already. */
    public function close(): bool
    {
    }

    /**
     * Sends a close frame and closes the WebSocket connection.
     *
     * @param int $code one of `SWOOLE_WEBSOCKET_CLOSE_*`, or 3000 to 4999
     * @param string $reason at most 123 bytes
     */
    public function disconnect(int $code = SWOOLE_WEBSOCKET_CLOSE_NORMAL, string $reason = ""): bool
    {
    }
}
