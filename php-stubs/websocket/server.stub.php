<?php

namespace Swoole\WebSocket;

/**
 * An HTTP server of several processes that also speaks WebSocket: its messages arrive at the callback `message`.
 *
 * @not-serializable
 */
class Server extends \Swoole\Http\Server
{
}
