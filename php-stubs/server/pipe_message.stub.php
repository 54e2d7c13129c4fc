<?php

namespace Swoole\Server;

/** A message of another worker, with the option `event_object`. */
class PipeMessage
{
    /** The worker that sent it. */
    public $source_worker_id = 0;
    /** The worker that sent it. */
    public $worker_id = 0;
    /** When it was sent, in seconds. */
    public $dispatch_time = 0;
    /** The message. */
    public $data = null;
}
