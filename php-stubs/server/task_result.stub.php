<?php

namespace Swoole\Server;

/** The result of a task, with the option `event_object`. */
class TaskResult
{
    /** The task's id. */
    public $task_id = 0;
    /** The task worker that ran it. */
    public $task_worker_id = 0;
    /** When the result was sent, in seconds. */
    public $dispatch_time = 0;
    /** The result. */
    public $data = null;
}
