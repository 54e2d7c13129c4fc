<?php

namespace Swoole\Server;

/**
 * A listening port of a server, made by {@see \Swoole\Server::listen()}.
 *
 * @native Port
 * @not-serializable
 */
class Port
{
    private $onConnect = null;
    private $onReceive = null;
    private $onClose = null;
    private $onPacket = null;
    private $onBufferFull = null;
    private $onBufferEmpty = null;
    private $onRequest = null;
    private $onHandshake = null;
    private $onOpen = null;
    private $onMessage = null;
    private $onDisconnect = null;
    private $onBeforeHandshakeResponse = null;

    /** Its host, or the path of its unix socket. */
    public $host = null;
    /** Its port; chosen by the system when 0 was asked for. */
    public $port = 0;
    /** Its socket type, `SWOOLE_SOCK_*`. */
    public $type = 0;
    /** Its descriptor. */
    public $sock = -1;
    /** Whether it speaks TLS. */
    public $ssl = false;
    /** @var ?array what {@see set()} was given, all calls merged */
    public $setting = null;
    /** Its connections. */
    public $connections = null;

    private function __construct()
    {
    }

    public function __destruct()
    {
    }

    /** Changes settings of this port; one without any gets the server's. Warns of options that do not exist. */
    public function set(array $settings): void
    {
    }

    /**
     * Registers a callback for this port's connections; the last one given for an event counts.
     *
     * @param string $event_name case does not matter
     * @return bool false, with a warning, for an event that does not exist, something that cannot be called, and after the start
     */
    public function on(string $event_name, callable $callback): bool
    {
    }

    /**
     * The port's socket for the functions `socket_*()`; needs the extension sockets.
     *
     * The object has a descriptor of its own: closing it leaves the port open.
     *
     * @return \Socket|false false, with a warning, without the extension and when the server has ended
     */
    public function getSocket(): \Socket|false
    {
    }

    /** The callback of an event; null when there is none. */
    public function getCallback(string $event_name): ?\Closure
    {
    }
}
