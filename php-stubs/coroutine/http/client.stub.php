<?php

namespace Swoole\Coroutine\Http;

/**
 * An HTTP/1.1 client whose connection is kept between requests; what waits suspends only the calling coroutine.
 *
 * A request is made of the properties `$requestMethod`, `$requestHeaders`, `$requestBody`, `$cookies` and `$uploadFiles`, which methods set and
 * which stay as they are for the next request. Its reply is in `$statusCode`, `$headers`, `$cookies` and `$body`. Methods return false when they
 * fail, and say why in `$errCode` and `$errMsg`; `$statusCode` is then one of `SWOOLE_HTTP_CLIENT_ESTATUS_*`. Redirects are not followed.
 *
 * @native Client
 * @not-serializable
 * @short-alias Co\Http\Client
 */
class Client
{
    /** The connection's socket, while there is one. */
    public $socket = null;
    /** Why the last operation failed: an errno, or one of `SWOOLE_ERROR_*`. */
    public $errCode = 0;
    /** The same in words. */
    public $errMsg = "";
    /** Whether there is a connection, as far as has been noticed. */
    public $connected = false;
    /** What the constructor was given. */
    public $host = "";
    /** What the constructor was given. */
    public $port = 0;
    /** Whether connections are encrypted. */
    public $ssl = false;
    /** What `set()` was given, merged. */
    public $setting = null;
    /** The method of the next request; without one GET, or POST when there is a body. */
    public $requestMethod = null;
    /** Headers of the next request. */
    public $requestHeaders = null;
    /** Body of the next request: a string, or an array that is sent as a form. */
    public $requestBody = null;
    /** What `addFile()` and `addData()` added, for one request. */
    public $uploadFiles = null;
    /** Where the body of the next reply goes. */
    public $downloadFile = null;
    /** Where in that file it begins. */
    public $downloadOffset = 0;
    /** Status of the reply, or one of `SWOOLE_HTTP_CLIENT_ESTATUS_*`. */
    public $statusCode = 0;
    /** Headers of the reply by name; a header that comes more than once has a list of values. */
    public $headers = null;
    /** The reply's `Set-Cookie` headers. */
    public $set_cookie_headers = null;
    /** Cookies by name: those that were set, and those that replies brought. They are sent with every request. */
    public $cookies = null;
    /** Body of the reply. */
    public $body = "";

    /**
     * @param string $host a name, an address, or `unix:/path`
     * @param int $port 0 for 80, or 443 with TLS
     * @param bool $ssl whether to use TLS
     * @throws Client\Exception when the host is empty
     */
    public function __construct(string $host, int $port = 0, bool $ssl = false)
    {
    }

    public function __destruct()
    {
    }

    /**
     * Changes settings.
     *
     * Times are in seconds, negative ones mean for ever: `timeout` for a reply (60), `connect_timeout` (10), `write_timeout`.
     * `max_retries`: how often a connection, or a request answered with 502 or 503, is tried again (0).
     * `keep_alive` (true), `lowercase_header` (true), `defer` (false), `http_compression`: whether compressed replies are asked for (true),
     * `body_decompression`: whether they are unpacked (true), `write_func`: gets the client and each part of a body as it arrives,
     * `package_max_length`: largest body, unpacked, that is kept in memory (PHP's `memory_limit`).
     * For connections that are opened from then on: `bind_address`, `bind_port`, `socket_buffer_size`, `open_tcp_nodelay`, `socks5_host`,
     * `socks5_port`, `socks5_username`, `socks5_password`, `http_proxy_host`, `http_proxy_port`, `http_proxy_username`, `http_proxy_password`,
     * `ssl_cert_file`, `ssl_key_file`, `ssl_passphrase`, `ssl_host_name`, `ssl_verify_peer`, `ssl_allow_self_signed`, `ssl_cafile`, `ssl_capath`,
     * `ssl_verify_depth`, `ssl_protocols`, `ssl_ciphers`.
     * For WebSocket: `websocket_mask` (true), `websocket_compression` (false), `open_websocket_close_frame`, `open_websocket_ping_frame`,
     * `open_websocket_pong_frame` (false).
     *
     * @return bool false for an empty array
     */
    public function set(array $settings): bool
    {
    }

    /** Whether requests only send, and `recv()` waits for the reply. */
    public function getDefer(): bool
    {
    }

    /**
     * Lets requests only send; `recv()` then waits for the reply.
     *
     * @return bool true
     */
    public function setDefer(bool $defer = true): bool
    {
    }

    /** Sets the method of the requests that `execute()` sends. */
    public function setMethod(string $method): bool
    {
    }

    /**
     * Sets the headers of requests. `Content-Length` and `Transfer-Encoding` are left out: they belong to how the body is sent.
     *
     * @param array<string, string> $headers
     */
    public function setHeaders(array $headers): bool
    {
    }

    /** Adds the header `Authorization` with this name and password to requests. */
    public function setBasicAuth(string $username, #[\SensitiveParameter] string $password): void
    {
    }

    /** @param array<string, string> $cookies by name; in place of all that there were */
    public function setCookies(array $cookies): bool
    {
    }

    /** @param array|string $data body of requests; an array is sent as a form */
    public function setData(array|string $data): bool
    {
    }

    /**
     * Adds a file to the form that the next request sends.
     *
     * @param string $path the file
     * @param string $name name of the form's field
     * @param string|null $type media type, by default that of the file name's ending
     * @param string|null $filename what the server is told as the file's name, by default the path's last part
     * @param int $offset where in the file to begin, in bytes
     * @param int $length how many bytes to send, 0 for all that follow
     * @return bool false when the file is not there, empty, or shorter than that
     */
    public function addFile(string $path, string $name, ?string $type = null, ?string $filename = null, int $offset = 0, int $length = 0): bool
    {
    }

    /**
     * Adds a file whose content is given to the form that the next request sends.
     *
     * @param string $path the content
     * @param string $name name of the form's field
     * @param string|null $type media type, `application/octet-stream` by default
     * @param string|null $filename what the server is told as the file's name, by default `$name`
     */
    public function addData(string $path, string $name, ?string $type = null, ?string $filename = null): bool
    {
    }

    /** Sends a request with the method that was set, and waits for the reply. */
    public function execute(string $path): bool
    {
    }

    /** @return array{address: string, port: int}|false the server's address */
    public function getpeername(): array|false
    {
    }

    /** @return array{address: string, port: int}|false our own address */
    public function getsockname(): array|false
    {
    }

    /**
     * Sends a GET request and waits for the reply.
     *
     * @param string $path path and query
     * @throws \Swoole\Error outside of coroutines, or when another coroutine waits for this client
     */
    public function get(string $path): bool
    {
    }

    /**
     * Sends a POST request and waits for the reply.
     *
     * @param string $path path and query
     * @param mixed $data the body; an array is sent as a form
     */
    public function post(string $path, mixed $data): bool
    {
    }

    /**
     * Sends a request and writes the reply's body to a file as it arrives.
     *
     * @param string $path path and query
     * @param string $file the file; it is made when there is something to write
     * @param int $offset where in the file to begin; at 0 what was there is removed
     */
    public function download(string $path, string $file, int $offset = 0): bool
    {
    }

    /** The reply's body. */
    public function getBody(): false|string
    {
    }

    /** The reply's headers. */
    public function getHeaders(): null|array|false
    {
    }

    /** The cookies. */
    public function getCookies(): null|array|false
    {
    }

    /** The reply's status. */
    public function getStatusCode(): false|int
    {
    }

    /** The head of the last request as it was sent, false before the first. */
    public function getHeaderOut(): false|string
    {
    }

    /** The server's certificate as PEM. */
    public function getPeerCert(): false|string
    {
    }

    /** Asks the server to speak WebSocket from now on; `$statusCode` is 101 when it does. */
    public function upgrade(string $path): bool
    {
    }

    /**
     * Sends a WebSocket frame.
     *
     * @param mixed $data a string, or a `Swoole\WebSocket\Frame`
     * @param int $opcode one of `SWOOLE_WEBSOCKET_OPCODE_*`
     * @param int $flags any of `SWOOLE_WEBSOCKET_FLAG_*`
     */
    public function push(mixed $data, int $opcode = SWOOLE_WEBSOCKET_OPCODE_TEXT, int $flags = SWOOLE_WEBSOCKET_FLAG_FIN): bool
    {
    }

    /**
     * Waits for the reply to a request that was only sent, or for a WebSocket frame.
     *
     * @param float $timeout seconds, 0 for what the settings say, negative for ever
     * @return \Swoole\WebSocket\Frame|string|bool true for a reply; an empty string when the WebSocket was closed
     */
    public function recv(float $timeout = 0): \Swoole\WebSocket\Frame|string|bool
    {
    }

    /** Closes the connection; false when there is none. */
    public function close(): bool
    {
    }

    /** Sends a WebSocket ping. */
    public function ping(string $data = ""): bool
    {
    }

    /**
     * Ends the WebSocket and closes the connection.
     *
     * @param int $code one of `SWOOLE_WEBSOCKET_CLOSE_*`
     */
    public function disconnect(int $code = SWOOLE_WEBSOCKET_CLOSE_NORMAL, string $reason = ""): bool
    {
    }
}
