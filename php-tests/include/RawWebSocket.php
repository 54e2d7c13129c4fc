<?php

declare(strict_types=1);

/** A WebSocket client that says exactly what it is told to, on a blocking socket. */
final class RawWebSocket
{
    public const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

    /** @var resource */
    public $socket;
    /** Status line and headers of the answer. */
    public string $head = '';

    /** @param resource|null $socket a connection that is there already */
    public function __construct(int $port, string $headers = '', string $path = '/', string $early = '', $socket = null)
    {
        $this->socket = $socket ?? connect_to($port, 20.0);
        fwrite($this->socket, "GET $path HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            . 'Sec-WebSocket-Key: ' . self::KEY . "\r\n$headers\r\n$early");
        while (($line = fgets($this->socket)) !== false && $line !== "\r\n") {
            $this->head .= $line;
        }
    }

    /** A header of the answer. */
    public function header(string $name): ?string
    {
        return preg_match("/^$name: (.*)\r$/im", $this->head, $match) ? $match[1] : null;
    }

    /** The bytes of a masked frame; `$bits` are FIN (0x80) and the reserved ones. */
    public static function frame(string $data, int $opcode = 1, int $bits = 0x80): string
    {
        $length = strlen($data);
        $head = chr($bits | $opcode) . match (true) {
            $length < 126 => chr(0x80 | $length),
            $length < 65536 => "\xfe" . pack('n', $length),
            default => "\xff" . pack('J', $length),
        };
        $key = "\x01\x7f\xa5\x33";
        return $head . $key . ($data ^ substr(str_repeat($key, intdiv($length, 4) + 1), 0, $length));
    }

    public function send(string $data, int $opcode = 1, int $bits = 0x80): void
    {
        $this->write(self::frame($data, $opcode, $bits));
    }

    public function write(string $bytes): void
    {
        while ($bytes !== '' && ($count = @fwrite($this->socket, $bytes)) !== false) {
            $bytes = substr($bytes, $count);
        }
    }

    /** The next frame's first byte and payload; null at the end. */
    public function receive(): ?array
    {
        $head = read_exactly($this->socket, 2);
        if (strlen($head) < 2) {
            return null;
        }
        $length = ord($head[1]) & 127;
        $length = match ($length) {
            126 => unpack('n', read_exactly($this->socket, 2))[1],
            127 => unpack('J', read_exactly($this->socket, 8))[1],
            default => $length,
        };
        return [ord($head[0]), read_exactly($this->socket, $length)];
    }

    /** The next frame in words. */
    public function show(): string
    {
        [$first, $data] = $this->receive() ?? [0, null];
        if ($data === null) {
            return "end\n";
        }
        $kind = [0 => 'more', 1 => 'text', 2 => 'binary', 8 => 'close', 9 => 'ping', 10 => 'pong'][$first & 15] ?? 'unknown';
        $kind .= ($first & 0x80 ? '' : ' begun') . ($first & 0x40 ? ' compressed' : '');
        if (($first & 15) === 8 && strlen($data) >= 2) {
            $data = unpack('n', $data)[1] . ' ' . substr($data, 2);
        }
        return rtrim("$kind $data") . "\n";
    }

    /** The next message, inflated on its own. */
    public function message(): ?string
    {
        [$first, $data] = $this->receive() ?? [0, null];
        return $data !== null && $first & 0x40 ? inflate_add(inflate_init(ZLIB_ENCODING_RAW), "$data\0\0\xff\xff", ZLIB_SYNC_FLUSH) : $data;
    }
}
