<?php

namespace Swoole\Http;

/**
 * A server of several processes that speaks HTTP: its requests arrive at the callback `request`.
 *
 * @not-serializable
 */
class Server extends \Swoole\Server
{
}
