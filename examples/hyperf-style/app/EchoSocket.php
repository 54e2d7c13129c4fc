<?php

declare(strict_types=1);

namespace App;

use Hyperf\WebSocketServer\Server;
use Swoole\WebSocket\Frame;

/** Says everything backwards. */
final class EchoSocket extends Server
{
    public function onMessage($server, Frame $frame): void
    {
        self::reply($server, $frame->fd, strrev($frame->data));
    }

    public function onClose($server, int $fd, int $reactorId): void
    {
        echo "a connection has closed\n";
    }
}
