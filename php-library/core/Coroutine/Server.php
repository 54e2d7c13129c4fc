<?php

declare(strict_types=1);

namespace Swoole\Coroutine;

use Swoole\Coroutine;
use Swoole\Coroutine\Server\Connection;
use Swoole\Exception;

/**
 * A server of one process: a coroutine for each connection.
 *
 * @short-alias Co\Server
 */
class Server
{
    /** @var string what it was told to listen on */
    public $host = '';

    /** @var int the port, also where the system chose it */
    public $port = 0;

    /** @var int `AF_INET`, `AF_INET6` or `AF_UNIX` */
    public $type = AF_INET;

    /** @var int descriptor of the listening socket */
    public $fd = -1;

    /** @var int why start() returned false: an errno */
    public $errCode = 0;

    /** @var array */
    public $setting = [];

    /** @var bool */
    protected $running = false;

    /** @var callable|null */
    protected $fn;

    /** @var Socket */
    protected $socket;

    /** Seconds to wait when no more descriptors or coroutines are to be had. */
    private const PAUSE = 1;

    /**
     * @param string $host an address, or `unix:` and a path
     * @param int $port 0 lets the system choose one
     * @param bool $ssl whether connections are encrypted
     * @param bool $reuse_port whether other processes may listen on the same port
     * @throws Exception it cannot listen there
     */
    public function __construct(string $host, int $port = 0, bool $ssl = false, bool $reuse_port = false)
    {
        if (str_contains($host, '::')) {
            $this->type = AF_INET6;
        } elseif (str_starts_with($host, 'unix:/')) {
            $this->type = AF_UNIX;
            $host = substr($host, strlen('unix:'));
        }
        $this->host = $host;
        $this->socket = new Socket($this->type, SOCK_STREAM, 0);
        if ($reuse_port) {
            $this->socket->setOption(SOL_SOCKET, SO_REUSEPORT, true);
        }
        if (!$this->socket->bind($host, $port)) {
            throw new Exception("bind({$host}:{$port}) failed", $this->socket->errCode);
        }
        if (!$this->socket->listen()) {
            throw new Exception('listen() failed', $this->socket->errCode);
        }
        $this->port = $this->socket->getsockname()['port'] ?? 0;
        $this->fd = $this->socket->fd;
        $this->setting['open_ssl'] = $ssl;
    }

    /** Settings of its connections, see {@see Socket::setProtocol()}; before start(). */
    public function set(array $setting): void
    {
        $this->setting = array_merge($this->setting, $setting);
    }

    /** What each connection's coroutine calls, with a {@see Connection}. */
    public function handle(callable $fn): void
    {
        $this->fn = $fn;
    }

    /** Ends start(); connections go on. */
    public function shutdown(): bool
    {
        $this->running = false;
        return $this->socket->cancel();
    }

    /**
     * Takes connections until shutdown().
     *
     * @return bool false when there is no function to call or a setting is wrong
     */
    public function start(): bool
    {
        $this->running = true;
        $socket = $this->socket;
        if ($this->fn === null || !$socket->setProtocol($this->setting)) {
            $this->errCode = SOCKET_EINVAL;
            return false;
        }
        $serve = empty($this->setting['open_ssl']) ? $this->fn : $this->encrypted(...);
        while ($this->running) {
            // It has the settings of the socket that took it.
            $connection = $socket->accept();
            if ($connection !== false) {
                if (Coroutine::create($serve, new Connection($connection)) === false) {
                    Coroutine::sleep(self::PAUSE);
                }
                continue;
            }
            switch ($socket->errCode) {
                case SOCKET_ETIMEDOUT:
                    break;
                case SOCKET_EMFILE:
                case SOCKET_ENFILE:
                    Coroutine::sleep(self::PAUSE);
                    break;
                case SOCKET_ECANCELED:
                    return true;
                default:
                    trigger_error("accept failed, Error: {$socket->errMsg}[{$socket->errCode}]", E_USER_WARNING);
                    return true;
            }
        }
        return true;
    }

    /** Makes the handshake first: in the connection's own coroutine, so that nobody waits for a slow client. */
    private function encrypted(Connection $connection): void
    {
        if ($connection->exportSocket()->sslHandshake()) {
            ($this->fn)($connection);
        }
    }
}
