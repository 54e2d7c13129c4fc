<?php

namespace Swoole\Process;

/**
 * Worker processes that are started together, replaced when they end, and given messages.
 *
 * The process that calls {@see start()} is the master: it starts the workers, waits for them and passes on signals. SIGTERM ends the
 * pool, SIGUSR1 and SIGUSR2 replace the workers one after the other.
 *
 * @native Pool
 * @not-serializable
 */
class Pool
{
    /** The master's process id; -1 before the start. */
    public $master_pid = -1;
    /** In a worker: its process id. */
    public $workerPid = -1;
    /** In a worker: its number, from 0. */
    public $workerId = -1;
    /** What {@see getProcess()} made. */
    public $workers;
    /** In a worker: whether it has not been told to end. */
    public $workerRunning = true;
    /** Whether the pool has not been told to end. */
    public $running = true;

    /**
     * @param int $worker_num how many workers, at least 1
     * @param int $ipc_type how messages come: `SWOOLE_IPC_NONE`, `SWOOLE_IPC_UNIXSOCK` (from worker to worker), `SWOOLE_IPC_MSGQUEUE` (System V), `SWOOLE_IPC_SOCKET` (from clients, see {@see listen()})
     * @param int $msgqueue_key key of the message queue
     * @param bool $enable_coroutine workers run an event loop, and their functions coroutines
     * @throws \Swoole\Exception for a number of workers that is not positive, and when pipes or queue cannot be made
     * @throws \Error not on the command line, or while a pool runs in this process
     */
    public function __construct(int $worker_num, int $ipc_type = SWOOLE_IPC_NONE, int $msgqueue_key = 0, bool $enable_coroutine = false)
    {
    }

    public function __destruct()
    {
    }

    /**
     * Changes settings before the start.
     *
     * @param array $settings `enable_coroutine` => bool; `enable_message_bus` => bool, messages of any length with `SWOOLE_IPC_UNIXSOCK`;
     *     `max_package_size` => bytes of the longest message; `max_wait_time` => seconds that a worker may take to end before it is killed, 0 for ever
     */
    public function set(array $settings): void
    {
    }

    /**
     * Sets the function of an event.
     *
     * @param string $name `Start` and `Shutdown` (in the master, called with this object), `WorkerStart` and `WorkerStop` (this object, the worker's
     *     number), `WorkerExit` (the same; with coroutines, in each round of the event loop of a worker that was told to end),
     *     `Message` (this object, the message)
     * @throws \Swoole\Exception `Message` without a way for messages to come
     */
    public function on(string $name, callable $callback): bool
    {
    }

    /**
     * The process object of a worker: its id, its pipe, its queue.
     *
     * @param int $work_id a worker's number; -1 is this one
     */
    public function getProcess(int $work_id = -1): \Swoole\Process|false
    {
    }

    /**
     * Takes messages from clients, with `SWOOLE_IPC_SOCKET`: four bytes of length in network order, then the message.
     *
     * @param string $host an IPv4 address, or `unix:/path`
     */
    public function listen(string $host, int $port = 0, int $backlog = 2048): bool
    {
    }

    /** Adds to the answer to the client whose message is being handled. */
    public function write(string $data): bool
    {
    }

    /** Sends a message to a worker, with `SWOOLE_IPC_UNIXSOCK`. */
    public function sendMessage(string $data, int $dst_worker_id): bool
    {
    }

    /** In a worker: leaves the pool, which starts another one in its place, and ends after the function that runs. */
    public function detach(): bool
    {
    }

    /**
     * Starts the workers, and returns when the pool has ended.
     *
     * @return null|false false when it could not start
     * @throws \Swoole\Exception `WorkerExit` without coroutines
     */
    public function start(): ?false
    {
    }

    /** In a worker: ends this worker; in the master: the pool. */
    public function stop(): void
    {
    }

    /**
     * Ends the pool.
     *
     * @throws \Swoole\Exception when it was not started
     */
    public function shutdown(): bool
    {
    }
}
