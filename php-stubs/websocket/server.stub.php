<?php

namespace Swoole\WebSocket;

/**
 * An HTTP server of several processes that also speaks WebSocket: its messages arrive at the callback `message`.
 *
 * @not-serializable
 */
class Server extends \Swoole\Http\Server
{
    /** As {@see Frame::pack()}. */
    public static function pack(Frame|string $data, int $opcode = WEBSOCKET_OPCODE_TEXT, int $flags = SWOOLE_WEBSOCKET_FLAG_FIN): string
    {
    }

    /** As {@see Frame::unpack()}. */
    public static function unpack(string $data): Frame
    {
    }
}
