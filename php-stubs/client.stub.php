<?php

namespace Swoole {
    /**
     * A client whose calls wait, and block the process while they do; in coroutines use {@see \Swoole\Coroutine\Client}.
     *
     * @native Client
     * @not-serializable
     */
    class Client
    {
        /** Flag of {@see recv()} and {@see send()}: urgent data. */
        public const MSG_OOB = 1;
        /** Flag of {@see recv()}: leave what is read where it is. */
        public const MSG_PEEK = 2;
        /** Flag of {@see recv()}: do not wait. */
        public const MSG_DONTWAIT = 64;
        /** Flag of {@see recv()}: wait until all bytes that were asked for have come. */
        public const MSG_WAITALL = 256;
        /** {@see shutdown()}: no more sending and receiving. */
        public const SHUT_RDWR = 2;
        /** {@see shutdown()}: no more receiving. */
        public const SHUT_RD = 0;
        /** {@see shutdown()}: no more sending. */
        public const SHUT_WR = 1;

        /** The last failure: an errno, or one of `SWOOLE_ERROR_*`; `swoole_strerror()` has the words. */
        public $errCode = 0;
        /** The socket's descriptor; -1 before the first {@see connect()}. */
        public $sock = -1;
        /** Whether the connection was another object's before (`SWOOLE_KEEP`). */
        public $reuse = false;
        /** How often the connection was used again. */
        public $reuseCount = 0;
        /** What the constructor was given. */
        public $type = 0;
        /** The name of a kept connection; null unless given. */
        public $id;
        /** What {@see set()} was given. */
        public $setting;

        /**
         * @param int $type one of `SWOOLE_SOCK_*`, with `|` `SWOOLE_SSL` for TLS and `SWOOLE_KEEP` for a connection that outlives this object
         * @param bool $async must be false; {@see \Swoole\Async\Client} does not wait
         * @param string $id what a kept connection is found by; host and port unless given
         * @throws \TypeError there is no such type
         * @throws \Error `$async` is true
         */
        public function __construct(int $type, bool $async = SWOOLE_SOCK_SYNC, string $id = "")
        {
        }

        public function __destruct()
        {
        }

        /**
         * Adds settings, which count from the next {@see connect()} on.
         *
         * @param array $settings packets: `open_eof_check`, `open_eof_split`, `package_eof`, `open_length_check`, `package_length_type`,
         *     `package_length_offset`, `package_body_offset`, `package_length_func`, `package_max_length`, `open_mqtt_protocol`;
         *     the socket: `socket_buffer_size`, `open_tcp_nodelay`, `bind_address`, `bind_port`;
         *     proxies: `socks5_host`, `socks5_port`, `socks5_username`, `socks5_password`, `http_proxy_host`, `http_proxy_port`, `http_proxy_user`,
         *     `http_proxy_password`; TLS: `ssl_*`
         */
        public function set(array $settings): bool
        {
        }

        /**
         * Connects. A name is looked up first.
         *
         * @param string $host an address, a name, or the path of a Unix socket
         * @param float $timeout seconds that this and each later call may take; negative for ever, 0 for the defaults of `swoole_async_set()`
         * @param int $sock_flag 1: do not wait for the connection of a stream (`swoole_client_select()` tells when it can be written);
         *     a datagram socket receives from its peer alone
         * @return bool false, with a warning and `errCode`, when there is no connection
         */
        public function connect(string $host, int $port = 0, float $timeout = 0.5, int $sock_flag = 0): bool
        {
        }

        /**
         * Waits for data; with settings for packets, for one packet.
         *
         * @param int $size bytes at most; 65535 are the most without `MSG_WAITALL`
         * @param int $flag `Client::MSG_*`
         * @return string|false an empty string at the end of the stream and after a packet that breaks the rules; false, with a warning and
         *     `errCode`, when nothing came in time (`EAGAIN`) or the connection failed
         */
        public function recv(int $size = 65536, int $flag = 0): string|false
        {
        }

        /**
         * Sends everything.
         *
         * @param int $flag `Client::MSG_*`
         * @return int|false number of bytes; false, with a warning and `errCode`, when the connection failed or the time was over
         */
        public function send(string $data, int $flag = 0): int|false
        {
        }

        /**
         * Sends a file, or part of it.
         *
         * @param int $length bytes; 0 is all the rest
         * @return bool false, with a warning and `errCode`: no such file or part of it, or the connection failed
         */
        public function sendfile(string $filename, int $offset = 0, int $length = 0): bool
        {
        }

        /**
         * Sends a datagram to somebody; needs no {@see connect()}.
         *
         * @param string $ip an address, a name, or the path of a Unix socket
         * @return bool false, with `errCode`, when it could not be sent
         */
        public function sendto(string $ip, int $port, string $data): bool
        {
        }

        /**
         * Closes one direction, or both.
         *
         * @param int $how `Client::SHUT_*`
         * @return bool false when it was closed already
         */
        public function shutdown(int $how): bool
        {
        }

        /**
         * Speaks TLS from now on.
         *
         * @param ?callable $onSslReady only for {@see \Swoole\Async\Client}
         * @throws \Swoole\Exception when a function is given
         */
        public function enableSSL(?callable $onSslReady = null): bool
        {
        }

        /** The peer's certificate as PEM text; false, with a warning, without TLS. */
        public function getPeerCert(): string|bool
        {
        }

        /**
         * Whether the peer's certificate is good; false, with a warning, without TLS.
         *
         * @accepts 1
         */
        public function verifyPeerCert(): bool
        {
        }

        /** Whether there is a connection. One that the peer has closed counts until a call has found out. */
        public function isConnected(): bool
        {
        }

        /** Address (`host`) and port of this side. */
        public function getsockname(): array|false
        {
        }

        /** Address (`host`) and port of the other side; of a datagram socket those of who sent the last datagram. */
        public function getpeername(): array|false
        {
        }

        /**
         * Ends the connection; with `SWOOLE_KEEP` it is kept for the next object that connects to the same peer.
         *
         * @param bool $force end it in any case
         * @return bool false, with a warning, when there is none
         */
        public function close(bool $force = false): bool
        {
        }

        /**
         * The connection for the functions `socket_*()`; needs the extension sockets.
         *
         * The object has a descriptor of its own: closing it leaves the connection open.
         *
         * @return \Socket|false false, with a warning, for a kept connection and without the extension
         */
        public function getSocket(): \Socket|false
        {
        }
    }
}

namespace Swoole\Client {
    /** Of clients. */
    class Exception extends \Swoole\Exception
    {
    }
}

namespace {
    /**
     * Waits until one of several clients is ready, and leaves only those that are in the arrays.
     *
     * @param ?array $read clients, streams, sockets or descriptors that are to be read
     * @param ?array $write those that are to be written, or connect
     * @param ?array $except those whose peer may hang up
     * @param ?float $timeout seconds; negative for ever
     * @return int|false number of descriptors that are ready; false, with a warning, when there is nothing to wait for
     */
    function swoole_client_select(?array &$read, ?array &$write, ?array &$except, ?float $timeout = 0.5): int|false
    {
    }

    /** As {@see swoole_client_select()}. */
    function swoole_select(?array &$read, ?array &$write, ?array &$except, ?float $timeout = 0.5): int|false
    {
    }
}
