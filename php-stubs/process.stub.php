<?php

namespace Swoole;

/**
 * A child process: made by a fork, joined to its parent by a pipe or a System V message queue.
 *
 * Only for PHP's command line, and only outside coroutines. The child begins with an event loop and coroutines of its own.
 *
 * @native Process
 * @not-serializable
 */
class Process
{
    /** Added to the mode of {@see useQueue()}: `push()` and `pop()` return false instead of waiting. */
    public const IPC_NOWAIT = 256;
    /** {@see close()}: the parent's end of the pipe. */
    public const PIPE_MASTER = 1;
    /** {@see close()}: the child's end of the pipe. */
    public const PIPE_WORKER = 2;
    /** {@see close()}: the reading half of this side's end. */
    public const PIPE_READ = 3;
    /** {@see close()}: the writing half of this side's end. */
    public const PIPE_WRITE = 4;
    /** No pipe. */
    public const PIPE_TYPE_NONE = 0;
    /** A pipe that is a stream of bytes: messages run together. */
    public const PIPE_TYPE_STREAM = 1;
    /** A pipe that keeps messages apart. */
    public const PIPE_TYPE_DGRAM = 2;

    /** Descriptor of this side's end of the pipe; null without a pipe. */
    public $pipe;
    /** The system's number of the message queue; null without one. */
    public $msgQueueId;
    /** Key of the message queue; null without one. */
    public $msgQueueKey;
    /** The child's process id, in parent and child; null before {@see start()}. */
    public $pid;
    /** Number of this process object, counted from 1. */
    public $id;
    /** What the child runs. */
    private $callback;

    /**
     * @param callable $callback what the child runs, called with this object
     * @param bool $redirect_stdin_and_stdout connect the child's standard input, output and error to the pipe, which is a stream then
     * @param int $pipe_type `PIPE_TYPE_NONE`, `PIPE_TYPE_STREAM` or `PIPE_TYPE_DGRAM`
     * @param bool $enable_coroutine run the callback in a coroutine, and the event loop until it is done
     * @throws \Swoole\Exception when no pipe could be made
     * @throws \Error when it is called twice, or not on the command line
     */
    public function __construct(callable $callback, bool $redirect_stdin_and_stdout = false, int $pipe_type = SOCK_DGRAM, bool $enable_coroutine = false)
    {
    }

    public function __destruct()
    {
    }

    /**
     * Waits for a child that ends.
     *
     * @param bool $blocking wait; otherwise only look
     * @return array|false `pid`, `code` (exit status) and `signal` (0, or what ended it); false when there is none
     */
    public static function wait(bool $blocking = true): array|false
    {
    }

    /**
     * Calls a function when a signal arrives, by way of the event loop.
     *
     * Listening does not keep the event loop running, unless `swoole_async_set(['wait_signal' => true])` says so.
     *
     * @param int $signal_no `SIG*`
     * @param callable|null $callback called with the signal's number; null stops listening. `SIG_IGN` ignores the signal
     * @return bool false for a number that is no signal, or when there is nothing to stop
     */
    public static function signal(int $signal_no, ?callable $callback = null): bool
    {
    }

    /**
     * Sends this process a signal again and again.
     *
     * @param int $usec microseconds between signals; 0 or less stops
     * @param int $type 0: SIGALRM, time as on a clock; 1: SIGVTALRM, time in this process; 2: SIGPROF, with time in the kernel
     */
    public static function alarm(int $usec, int $type = 0): bool
    {
    }

    /**
     * Sends a signal to a process.
     *
     * @param int $signal_no 0 only asks whether the process is there
     */
    public static function kill(int $pid, int $signal_no = SIGTERM): bool
    {
    }

    /**
     * Goes on as a daemon: in the background, without a terminal. The process id changes.
     *
     * @param bool $nochdir keep the working folder, instead of `/`
     * @param bool $noclose keep standard input, output and error, instead of `/dev/null`
     * @param array $pipes streams or descriptors to use as standard input, output and error, in this order; null keeps one as it is
     */
    public static function daemon(bool $nochdir = true, bool $noclose = true, array $pipes = []): bool
    {
    }

    /**
     * Binds this process to some of the processors.
     *
     * @param array $cpu_settings numbers of processors, from 0
     */
    public static function setAffinity(array $cpu_settings): bool
    {
    }

    /** The processors that this process may run on, numbers from 0. */
    public static function getAffinity(): array
    {
    }

    /**
     * Sets a scheduling priority.
     *
     * @param int $which `PRIO_PROCESS`, `PRIO_PGRP` or `PRIO_USER`
     * @param int $priority -20 (first) to 19 (last)
     * @param int|null $who a process, group or user; null is this object's process, for `PRIO_PROCESS` only
     */
    public function setPriority(int $which, int $priority, ?int $who = null): bool
    {
    }

    /**
     * A scheduling priority, see {@see setPriority()}.
     */
    public function getPriority(int $which, ?int $who = null): int|false
    {
    }

    /**
     * Changes settings before the start.
     *
     * @param array $settings `enable_coroutine` => bool, as in the constructor
     */
    public function set(array $settings): void
    {
    }

    /**
     * Limits how long `read()` and `write()` wait for the pipe.
     *
     * @param float $seconds a negative number is for ever
     */
    public function setTimeout(float $seconds): bool
    {
    }

    /**
     * Whether `read()` and `write()` wait for the pipe. They do until this is called.
     */
    public function setBlocking(bool $blocking): bool
    {
    }

    /**
     * Opens a System V message queue for `push()` and `pop()`.
     *
     * @param int $key the queue's key; 0 or less derives one from the script's file
     * @param int $mode `SWOOLE_MSGQUEUE_BALANCE` (2): any process takes any message; `SWOOLE_MSGQUEUE_ORIENT` (1): each its own. With `IPC_NOWAIT` they do not wait
     * @param int $capacity bytes that the queue may hold; -1 leaves the system's limit
     */
    public function useQueue(int $key = 0, int $mode = 2, int $capacity = -1): bool
    {
    }

    /**
     * How full the message queue is.
     *
     * @return array|false `queue_num` messages, `queue_bytes` bytes; false without a queue
     */
    public function statQueue(): array|false
    {
    }

    /** Removes the message queue from the system. */
    public function freeQueue(): bool
    {
    }

    /**
     * Starts the child.
     *
     * @return int|bool the child's process id; false when it is running already
     * @throws \Swoole\Error inside a coroutine
     */
    public function start(): int|bool
    {
    }

    /**
     * Writes to the pipe.
     *
     * @return int|false how many bytes were written
     */
    public function write(string $data): int|false
    {
    }

    /**
     * Closes the pipe.
     *
     * @param int $which 0: both ends; otherwise `PIPE_MASTER`, `PIPE_WORKER`, `PIPE_READ` or `PIPE_WRITE`
     */
    public function close(int $which = 0): bool
    {
    }

    /**
     * Reads from the pipe.
     *
     * @param int $size how many bytes at most
     * @return string|false empty when the other side has closed a stream
     */
    public function read(int $size = 8192): string|false
    {
    }

    /** Puts a message into the queue. */
    public function push(string $data): bool
    {
    }

    /**
     * Takes a message from the queue.
     *
     * @param int $size longest message to take, in bytes
     */
    public function pop(int $size = 65536): string|false
    {
    }

    /**
     * Ends the child at once: no shutdown functions, no destructors.
     *
     * @param int $exit_code 0 to 255
     */
    public function exit(int $exit_code = 0): void
    {
    }

    /**
     * Replaces the program of this process.
     *
     * @param string $exec_file path of a program
     * @param array $args its arguments
     * @return bool false when it could not; otherwise it does not return
     */
    public function exec(string $exec_file, array $args): bool
    {
    }

    /**
     * This side's end of the pipe as a coroutine socket.
     */
    public function exportSocket(): Coroutine\Socket|false
    {
    }

    /** Sets the name that `ps` shows. */
    public function name(string $process_name): bool
    {
    }
}
