<?php

namespace Swoole\WebSocket;

/** A message, or a ping or pong; given to `push()`, returned by `recv()`, passed to the callback `message`. */
class Frame implements \Stringable
{
    /** The connection it came over. */
    public $fd = 0;
    /** What it says. */
    public $data = "";
    /** What it is: one of `SWOOLE_WEBSOCKET_OPCODE_*`. */
    public $opcode = 1;
    /** `SWOOLE_WEBSOCKET_FLAG_*`, added up. */
    public $flags = 1;
    /** Whether it is the last one of its message; null leaves that to {@see $flags}. */
    public $finish = null;

    /** The frame as it goes over the wire; an empty string when it cannot be sent. */
    public function __toString(): string
    {
    }

    /**
     * Makes the bytes of a frame, as they go over the wire.
     *
     * With `SWOOLE_WEBSOCKET_FLAG_COMPRESS` whole data frames are compressed, with `SWOOLE_WEBSOCKET_FLAG_MASK` they are masked.
     *
     * @param Frame|string $data a frame, whose own opcode and flags count then, or what it shall say
     * @param int $opcode 0 to 10; for a close frame the code is 1000 and `$data` the reason, of at most 125 bytes
     * @return string empty, with a warning, when there is no such frame
     */
    public static function pack(Frame|string $data, int $opcode = WEBSOCKET_OPCODE_TEXT, int $flags = SWOOLE_WEBSOCKET_FLAG_FIN): string
    {
    }

    /**
     * Takes the bytes of one frame apart, unmasked and inflated; what follows it is left alone.
     *
     * @return Frame a {@see CloseFrame} if it is one; false, with `swoole_last_error()`, when it is not whole, is no frame, or
     *     cannot be inflated to at most 64 MiB
     */
    public static function unpack(string $data): Frame
    {
    }
}

/** Ends a connection, and says why. */
class CloseFrame extends Frame
{
    public $opcode = 8;
    /** Why: one of `SWOOLE_WEBSOCKET_CLOSE_*`, or 3000 to 4999. */
    public $code = 1000;
    /** The same in words, at most 123 bytes of UTF-8. */
    public $reason = "";
}
