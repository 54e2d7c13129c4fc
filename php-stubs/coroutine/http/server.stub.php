<?php

namespace Swoole\Coroutine\Http;

/**
 * An HTTP server inside of a coroutine; each request runs in a coroutine of its own.
 *
 * @native Server
 * @not-serializable
 * @short-alias Co\Http\Server
 */
final class Server
{
    /** The listening socket. */
    public $fd = -1;
    /** The address it was made with. */
    public $host = null;
    /** The port it really has. */
    public $port = -1;
    /** Whether connections are encrypted. */
    public $ssl = false;
    /** What `set()` was given, merged. */
    public $settings = null;
    /** Why the last operation failed. */
    public $errCode = 0;
    /** The same in words. */
    public $errMsg = "";

    /**
     * Binds and listens at once; connections wait until `start()`.
     *
     * @param string $host an IPv4 or IPv6 address, or `unix:/path`
     * @param int $port 0 takes a free one, see {@see $port}
     * @throws \Swoole\Exception when the address cannot be bound; the code is the error number
     */
    public function __construct(string $host, int $port = 0, bool $ssl = false, bool $reuse_port = false)
    {
    }

    /**
     * Changes settings: `package_max_length` (largest body, 2 MiB), `http_parse_cookie`,
     * `http_parse_post`, `http_parse_files` (group files as `$_FILES` does), `upload_tmp_dir`.
     *
     * With `$ssl`: `ssl_cert_file`, `ssl_key_file`, `ssl_passphrase`, `ssl_sni_certs` (host name to an array of the three before),
     * `ssl_protocols`, `ssl_ciphers`, `ssl_ecdh_curve`, `ssl_client_cert_file` with `ssl_verify_peer`, `ssl_allow_self_signed`,
     * `ssl_verify_depth`, `ssl_cafile`, `ssl_capath`. Certificates count at once: while the server runs, connections that are
     * open go on, and new ones see the new certificates. False when they cannot be used; then the old ones stay.
     *
     * Clients may speak HTTP/2 from their first byte on; `open_http2_protocol` also offers it to clients of TLS. It has
     * `http2_header_table_size`, `http2_max_concurrent_streams`, `http2_init_window_size`, `http2_max_frame_size` and
     * `http2_max_header_list_size`.
     *
     * They count from the next `start()` on.
     */
    public function set(array $settings): bool
    {
    }

    /**
     * Sets who answers requests whose path starts with `$pattern`: `function (Request $request, Response $response)`.
     *
     * The longest pattern that fits wins, upper and lower case are the same; `/` answers whatever is left.
     */
    public function handle(string $pattern, callable $callback): bool
    {
    }

    /** Serves until `shutdown()` is called. */
    public function start(): bool
    {
    }

    /** Ends `start()`: no new connections, idle ones are closed, requests in work are answered. */
    public function shutdown(): void
    {
    }
}
