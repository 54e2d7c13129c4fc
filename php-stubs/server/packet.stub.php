<?php

namespace Swoole\Server;

/**
 * A datagram, for callbacks of a server with the setting `event_object`.
 *
 * The bytes are in `$data`, a property that Swoole does not declare either.
 */
#[\AllowDynamicProperties]
class Packet
{
    /** The descriptor of the port that it came to, for `sendto()`. */
    public $server_socket = 0;
    /** That port. */
    public $server_port = 0;
    /** When it came, in seconds of Unix time. */
    public $dispatch_time = 0;
    /** Who sent it: an address, or the file of a unix socket. */
    public $address = null;
    /** The sender's port. */
    public $port = 0;
}
