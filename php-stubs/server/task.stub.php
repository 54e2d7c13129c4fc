<?php

namespace Swoole\Server;

/**
 * A task in a task worker with `task_enable_coroutine`, `task_object` or `event_object`.
 *
 * @native Task
 * @not-serializable
 */
final class Task
{
    /** What the task was given. */
    public $data = null;
    /** When it was handed out, in seconds. */
    public $dispatch_time = 0;
    /** Its id in the worker that handed it out. */
    public $id = -1;
    /** The worker that handed it out. */
    public $worker_id = -1;
    /** `SWOOLE_TASK_*`. */
    public $flags = 0;

    /** Gives the result to the worker that handed the task out. False, with a warning, when nobody waits for one. */
    public function finish(mixed $data): bool
    {
    }

    /** Data as it may lie in the message queue of `task_ipc_mode` 2 and 3. */
    public static function pack(mixed $data): string|false
    {
    }

    /** What {@see pack()} was given; false when it is nothing of that kind. */
    public static function unpack(string $data): mixed
    {
    }
}
