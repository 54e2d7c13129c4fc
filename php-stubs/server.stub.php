<?php

namespace Swoole;

/**
 * A server of several processes: connections, messages, datagrams, tasks.
 *
 * With `SWOOLE_BASE` each worker owns the connections that it accepts; one worker and nothing else is one process. With `SWOOLE_PROCESS` a master
 * owns all connections, so that a worker that crashes or is reloaded closes none.
 *
 * | signal | only process, master | manager | worker, task worker |
 * |---|---|---|---|
 * | SIGTERM | shuts down | shuts down | ends when its work is done, is replaced |
 * | SIGINT | shuts down, unless the script listens | shuts down (`SWOOLE_BASE`) | ignored: whoever manages it was told too |
 * | SIGUSR1, SIGUSR2 | passed to the manager | reloads all workers, or the task workers | ignored |
 * | SIGRTMIN, SIGWINCH | opens the log file anew | the same, and its workers | opens the log file anew |
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

    /**
     * Changes settings, before the start; those of ports are given to the first port too.
     *
     * @return bool false, with a warning, while the server runs
     */
    public function set(array $settings): bool
    {
    }

    /**
     * Sends bytes to a connection, whichever process owns it.
     *
     * What the connection cannot take at once waits, up to the setting `socket_buffer_size`. When more waits, a coroutine is suspended until
     * there is room (setting `send_yield`, on by default, at most `send_timeout` seconds).
     *
     * @param string|int $fd the connection, or the path of a unix socket to send a datagram to
     * @param int $serverSocket for datagrams: the descriptor of the port to send from, -1 for the first one
     * @return bool false when there is no such connection, it is closed, or its queue is full; {@see getLastError()} has the reason
     */
    public function send(string|int $fd, string $send_data, int $serverSocket = -1): bool
    {
    }

    /**
     * Sends a datagram.
     *
     * @param string $ip an address of IPv4 or IPv6, or the path of a unix socket
     * @param int $server_socket the descriptor of the port to send from, -1 for the first one of that kind
     * @return bool false, with a warning, when the server has no port of that kind
     */
    public function sendto(string $ip, int $port, string $send_data, int $server_socket = -1): bool
    {
    }

    /**
     * Sends bytes and waits until the system has taken them; only in workers of `SWOOLE_BASE`.
     */
    public function sendwait(int $conn_fd, string $send_data): bool
    {
    }

    /**
     * Whether this connection is open.
     */
    public function exists(int $fd): bool
    {
    }

    /**
     * @see exists()
     * @rust exists
     */
    public function exist(int $fd): bool
    {
    }

    /**
     * Keeps a connection from being closed for its silence.
     *
     * @return bool false when there is no such connection
     */
    public function protect(int $fd, bool $is_protected = true): bool
    {
    }

    /**
     * Sends a file.
     *
     * @param int $offset bytes to skip
     * @param int $length bytes to send, 0 for all that are left
     * @return bool false when the file cannot be sent (logged) or there is no such connection
     */
    public function sendfile(int $conn_fd, string $filename, int $offset = 0, int $length = 0): bool
    {
    }

    /**
     * Closes a connection when all that was sent to it is out. The event `close` happens before this returns, with -1 as reactor.
     *
     * @param bool $reset at once, without what waits
     * @return bool false when there is no such connection, or it is being closed
     */
    public function close(int $fd, bool $reset = false): bool
    {
    }

    /**
     * Begins to read from a connection of a port with the setting `enable_delay_receive`.
     *
     * @rust resume
     */
    public function confirm(int $fd): bool
    {
    }

    /**
     * Stops to read from a connection.
     */
    public function pause(int $fd): bool
    {
    }

    /**
     * Goes on reading from a connection.
     */
    public function resume(int $fd): bool
    {
    }

    /**
     * The connections that have said nothing for longer than their port's `heartbeat_idle_time`.
     *
     * @param bool $ifCloseConnection closes them; false when it is left out
     * @return array|false false without the setting `heartbeat_check_interval`
     */
    public function heartbeat(bool $ifCloseConnection = true): array|false
    {
    }

    /**
     * What is known about a connection: `server_port`, `server_fd`, `socket_fd`, `socket_type`, `remote_port`, `remote_ip`, `reactor_id`,
     * `connect_time`, `last_time`, `last_recv_time`, `last_send_time`, `last_dispatch_time` (seconds of Unix time), `close_errno`,
     * `recv_queued_bytes`, `send_queued_bytes`; `uid` after {@see bind()}, `worker_id` where connections belong to workers.
     *
     * @param int $reactor_id not used
     * @param bool $ignoreError not used
     * @return array|false false when there is no such connection
     */
    public function getClientInfo(int $fd, int $reactor_id = -1, bool $ignoreError = false): array|false
    {
    }

    /**
     * Open connections, oldest first.
     *
     * @param int $start_fd those after this one
     * @param int $find_count how many at most, up to 100
     * @return array|false false when there are none, and when `$start_fd` is not open
     */
    public function getClientList(int $start_fd = 0, int $find_count = 10): array|false
    {
    }

    /**
     * @see getClientInfo()
     * @rust get_client_info
     */
    public function connection_info(int $fd, int $reactor_id = -1, bool $ignoreError = false): array|false
    {
    }

    /**
     * @see getClientList()
     * @rust get_client_list
     */
    public function connection_list(int $start_fd = 0, int $find_count = 10): array|false
    {
    }

    /**
     * Gives a connection a number of the user's, by which `SWOOLE_DISPATCH_UIDMOD` chooses its worker. It can be given once.
     *
     * @param int $uid 32 bits
     */
    public function bind(int $fd, int $uid): bool
    {
    }

    /**
     * Adds a port with settings and callbacks of its own; what it lacks is taken from the server.
     *
     * @param string $host an address of the socket type, or the path of a unix socket
     * @param int $port 0 to 65535; 0 lets the system choose
     * @param int $sock_type `SWOOLE_SOCK_*`, with `| SWOOLE_SSL` for TLS
     * @return Server\Port|false false when the address cannot be bound: `swoole_last_error()` says why
     */
    public function listen(string $host, int $port, int $sock_type): Server\Port|false
    {
    }

    /**
     * {@see listen()}
     *
     * @rust listen
     */
    public function addlistener(string $host, int $port, int $sock_type): Server\Port|false
    {
    }

    /**
     * Runs the server until it is shut down; only once.
     *
     * A fatal error when a callback is missing that a port or the task workers need, or a port cannot listen.
     *
     * @return bool false, with a warning, when it runs or has run, or when there is an event loop already
     */
    public function start(): bool
    {
    }

    /**
     * Hands a task to a task worker; its result, if any, arrives at the event `finish`, or at `$finishCallback`.
     *
     * @param mixed $data anything that can be serialised, of any size
     * @param int $taskWorkerIndex 0 to `task_worker_num - 1`; -1 for one that is idle
     * @param ?callable $finishCallback called with the server, the task's id and its result
     * @return int|false the task's id in this process; false, with a warning, without task workers and inside one
     */
    public function task(mixed $data, int $taskWorkerIndex = -1, ?callable $finishCallback = null): int|false
    {
    }

    /**
     * Hands a task to a task worker and waits for its result; in a coroutine, others run meanwhile.
     *
     * @param float $timeout seconds
     * @param int $taskWorkerIndex as in {@see task()}
     * @return mixed the result; false when the time has passed. Only in workers.
     */
    public function taskwait(mixed $data, float $timeout = 0.5, int $taskWorkerIndex = -1): mixed
    {
    }

    /**
     * Hands several tasks out and waits for all results.
     *
     * @param array $tasks at most 1,023
     * @param float $timeout seconds
     * @return array|false the results that came in time, by the place of their task. Only in workers.
     */
    public function taskWaitMulti(array $tasks, float $timeout = 0.5): array|false
    {
    }

    /**
     * Hands several tasks out and lets other coroutines run until all results are there.
     *
     * @param array $tasks at most 1,023
     * @param float $timeout seconds
     * @return array|false by the place of their task the results, false for those that did not come in time. Only in coroutines of workers.
     */
    public function taskCo(array $tasks, float $timeout = 0.5): array|false
    {
    }

    /**
     * Gives the result of the current task to the worker that asked for it. In task workers without `task_enable_coroutine`.
     *
     * @return bool false, with a warning, when nobody waits for a result
     */
    public function finish(mixed $data): bool
    {
    }

    /**
     * Replaces all workers, or the task workers only, by new processes; requests under way are finished.
     *
     * @return bool false when a reload is under way, and when there is no manager
     */
    public function reload(bool $only_reload_taskworker = false): bool
    {
    }

    /** Ends the server: no client is taken in any more, requests under way are finished within `max_wait_time`. False when it does not run. */
    public function shutdown(): bool
    {
    }

    /**
     * Ends a worker; another one takes its place.
     *
     * @param int $workerId -1 for this one
     * @return bool false, with a line in the log, for a worker that does not exist
     */
    public function stop(int $workerId = -1): bool
    {
    }

    /** The error of the last operation, as `swoole_last_error()`. */
    public function getLastError(): int
    {
    }

    /** The number of this worker; false outside workers. */
    public function getWorkerId(): int|false
    {
    }

    /**
     * The process id of a worker.
     *
     * @param int $worker_id -1 for this one
     * @return int|false false when there is none
     */
    public function getWorkerPid(int $worker_id = -1): int|false
    {
    }

    /**
     * What a worker does: `SWOOLE_WORKER_BUSY`, `SWOOLE_WORKER_IDLE` or `SWOOLE_WORKER_EXIT`.
     *
     * @param int $worker_id -1 for this one
     * @return int|false false when there is none
     */
    public function getWorkerStatus(int $worker_id = -1): int|false
    {
    }

    /** The process id of the manager, 0 without one. */
    public function getManagerPid(): int
    {
    }

    /** The process id of the master; with `SWOOLE_BASE` that of worker 0. */
    public function getMasterPid(): int
    {
    }

    /**
     * Sends a message to another worker or task worker, where it arrives at the event `pipeMessage`.
     *
     * @param mixed $message anything that can be serialised, of any size
     * @return bool false, with a warning, for a worker that does not exist and for this one itself
     */
    public function sendMessage(mixed $message, int $dst_worker_id): bool
    {
    }

    /**
     * Asks another process to run a command and waits for its answer. In the master, or in worker 0 with `SWOOLE_BASE`; in a coroutine.
     *
     * @param int $process_type one of `SWOOLE_SERVER_COMMAND_*`
     * @param mixed $data given to the command as JSON
     * @param bool $json_decode whether the answer is decoded
     * @return array|string|false false for a command that is unknown, or not accepted there
     */
    public function command(string $name, int $process_id, int $process_type, mixed $data, bool $json_decode = true): array|string|false
    {
    }

    /**
     * Adds a command, before the start.
     *
     * @param int $accepted_process_types bits of `SWOOLE_SERVER_COMMAND_*`
     * @param callable $callback gets the server and the data as JSON, and returns the answer as JSON
     * @return bool false when the name is taken
     */
    public function addCommand(string $name, int $accepted_process_types, callable $callback): bool
    {
    }

    /**
     * Adds a process that the manager starts and replaces when it ends, before the start.
     *
     * @return int|false its number among these
     */
    public function addProcess(\Swoole\Process $process): int|false
    {
    }

    /**
     * A port's socket for the functions `socket_*()`; needs the extension sockets.
     *
     * The object has a descriptor of its own: closing it leaves the port open.
     *
     * @param int $port number of the port; 0 means the first
     * @return \Socket|false false, with a warning, when the server does not listen there and without the extension
     */
    public function getSocket(int $port = 0): \Socket|false
    {
    }

    /** Counters of the server and of this process. */
    public function stats(): array
    {
    }
}
