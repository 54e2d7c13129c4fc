<?php

namespace Swoole\Server;

/**
 * What happened on a connection, for callbacks of a server with the setting `event_object`.
 */
class Event
{
    /** Who owns the connection: the worker in `SWOOLE_BASE`, 0 in `SWOOLE_PROCESS`; -1 in `close` when the server closed it. */
    public $reactor_id = 0;
    /** The connection. */
    public $fd = 0;
    /** When it happened, in seconds of Unix time. */
    public $dispatch_time = 0;
    /** In `receive` the bytes. */
    public $data = null;
}
