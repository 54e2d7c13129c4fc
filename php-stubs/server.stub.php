<?php

namespace Swoole;

/**
 * A server of several processes: connections, messages, datagrams, tasks.
 *
 * The object, its settings and its callbacks are here; {@see start()} belongs to a later release.
 *
 * @native Server
 * @not-serializable
 */
class Server
{
    private $onStart = null;
    private $onBeforeShutdown = null;
    private $onShutdown = null;
    private $onWorkerStart = null;
    private $onWorkerStop = null;
    private $onBeforeReload = null;
    private $onAfterReload = null;
    private $onWorkerExit = null;
    private $onWorkerError = null;
    private $onTask = null;
    private $onFinish = null;
    private $onManagerStart = null;
    private $onManagerStop = null;
    private $onPipeMessage = null;

    /** @var ?array what {@see set()} was given, all calls merged */
    public $setting = null;
    /** Every connection; null until the server runs. */
    public $connections = null;
    /** The host of the first port, or the path of its unix socket. */
    public $host = '';
    /** The first port; chosen by the system when 0 was asked for. */
    public $port = 0;
    /** The socket type of the first port, `SWOOLE_SOCK_*`. */
    public $type = 0;
    /** Whether the first port speaks TLS. */
    public $ssl = false;
    /** `SWOOLE_BASE` or `SWOOLE_PROCESS`. */
    public $mode = 0;
    /** Every port; null until the server runs. */
    public $ports = null;
    /** Process id of the master, 0 until the server runs. */
    public $master_pid = 0;
    /** Process id of the manager, 0 until the server runs. */
    public $manager_pid = 0;
    /** Number of this worker, task workers after the others; -1 outside workers. */
    public $worker_id = -1;
    /** Whether this process is a task worker. */
    public $taskworker = false;
    /** Process id of this worker, 0 outside workers. */
    public $worker_pid = 0;
    public $stats_timer = null;
    public $admin_server = null;

    /**
     * Binds an address; the server listens once it is started. A process can make one server.
     *
     * @param string $host an address of the socket type, or the path of a unix socket
     * @param int $port 0 to 65535; 0 lets the system choose, see {@see $port}
     * @param int $mode `SWOOLE_BASE` or `SWOOLE_PROCESS`
     * @param int $sock_type `SWOOLE_SOCK_*`, with `| SWOOLE_SSL` for TLS
     * @required 1
     * @throws Exception when the address cannot be bound (the code is the error number) and when the process has a server already
     * @throws \Error for an unknown mode, or when the object is constructed already
     */
    public function __construct(string $host = "0.0.0.0", int $port = 0, int $mode = SWOOLE_BASE, int $sock_type = SWOOLE_SOCK_TCP)
    {
    }

    public function __destruct()
    {
    }

    /**
     * Registers a callback; the last one given for an event counts.
     *
     * @param string $event_name case does not matter
     * @return bool false, with a warning, for an event that does not exist or something that cannot be called
     */
    public function on(string $event_name, callable $callback): bool
    {
    }

    /** The callback of an event, as it was given; null when there is none. */
    public function getCallback(string $event_name): \Closure|array|string|null
    {
    }

    /** Merges settings into {@see $setting}. */
    public function set(array $settings): bool
    {
    }

    /**
     * Starts the server.
     *
     * @throws Exception always: the multi-process server is not in this release, use {@see Coroutine\Http\Server}
     */
    public function start(): bool
    {
    }
}
