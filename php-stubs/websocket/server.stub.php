<?php

namespace Swoole\WebSocket;

/**
 * An HTTP server of several processes that also speaks WebSocket: its messages arrive at the callback `message`.
 *
 * @not-serializable
 */
class Server extends \Swoole\Http\Server
{
    /**
     * Sends a message to a client of any worker, waiting in a coroutine while it is slow (`send_yield`).
     *
     * @param int $fd number of the connection
     * @param int $opcode one of `SWOOLE_WEBSOCKET_OPCODE_*`; counts when `$data` is no frame
     * @param int $flags without `SWOOLE_WEBSOCKET_FLAG_FIN` more of the message follows
     * @return bool false, with a warning and `swoole_last_error()`, when there is no such WebSocket connection or its queue is full
     */
    public function push(int $fd, Frame|string $data, int $opcode = WEBSOCKET_OPCODE_TEXT, int $flags = SWOOLE_WEBSOCKET_FLAG_FIN): bool
    {
    }

    /**
     * Sends a close frame and closes the connection.
     *
     * @param int $code one of `SWOOLE_WEBSOCKET_CLOSE_*`, or 3000 to 4999
     * @param string $reason at most 123 bytes
     */
    public function disconnect(int $fd, int $code = SWOOLE_WEBSOCKET_CLOSE_NORMAL, string $reason = ""): bool
    {
    }

    /** Asks a client whether it is there; `$data`, at most 125 bytes, comes back. */
    public function ping(int $fd, string $data = ""): bool
    {
    }

    /** Whether there is a WebSocket connection of this number, its handshake done. */
    public function isEstablished(int $fd): bool
    {
    }

    /** As {@see Frame::pack()}. */
    public static function pack(Frame|string $data, int $opcode = WEBSOCKET_OPCODE_TEXT, int $flags = SWOOLE_WEBSOCKET_FLAG_FIN): string
    {
    }

    /** As {@see Frame::unpack()}. */
    public static function unpack(string $data): Frame
    {
    }
}
