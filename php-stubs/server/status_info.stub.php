<?php

namespace Swoole\Server;

/** How a worker ended, with the option `event_object`. */
class StatusInfo
{
    /** Its number. */
    public $worker_id = 0;
    /** Its process id. */
    public $worker_pid = 0;
    /** What the system said. */
    public $status = 0;
    /** What it gave to `exit`. */
    public $exit_code = 0;
    /** The signal that ended it, or 0. */
    public $signal = 0;
}
