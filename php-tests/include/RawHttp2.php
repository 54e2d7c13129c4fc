<?php

declare(strict_types=1);

/** A client that speaks as much HTTP/2 as this needs. */
final class RawHttp2
{
    private const HEADERS = 1;
    private const RESET = 3;
    private const SETTINGS = 4;
    /** As Huffman's code of RFC 7541 writes them. */
    private const STATUS = ['88' => 200, '8c' => 400, '4883680c' => 403, '4883684e' => 426, '48826c01' => 501];

    public $socket;
    /** @var array<int, list<array>> frames of streams that nobody has asked for yet */
    private array $waiting = [];
    /** @var array<int, int> */
    public array $settings = [];
    /** Bytes of data that have come. */
    public int $bytes = 0;
    /** What the last of them was. */
    public string $last = '';

    public function __construct(int $port, string $scheme = 'tcp')
    {
        $tls = ['verify_peer' => false, 'verify_peer_name' => false, 'alpn_protocols' => 'h2'];
        $context = stream_context_create(['ssl' => $tls]);
        $this->socket = stream_socket_client("$scheme://127.0.0.1:$port", $code, $text, 30, STREAM_CLIENT_CONNECT, $context);
        stream_set_timeout($this->socket, 60);
        fwrite($this->socket, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        $this->send(self::SETTINGS, 0, 0, '');
        [, , , $settings] = $this->frame();
        for ($at = 0; $at < strlen($settings); $at += 6) {
            ['id' => $id, 'value' => $value] = unpack('nid/Nvalue', $settings, $at);
            $this->settings[$id] = $value;
        }
        $this->send(self::SETTINGS, 1, 0, '');
    }

    public function send(int $kind, int $flags, int $stream, string $payload): void
    {
        fwrite($this->socket, substr(pack('N', strlen($payload)), 1) . chr($kind) . chr($flags) . pack('N', $stream) . $payload);
    }

    /** A request with these lines, none of which are in a table. */
    public function request(int $stream, array $lines, bool $ends = false): void
    {
        $block = '';
        foreach ($lines as $name => $value) {
            $block .= "\0" . chr(strlen($name)) . $name . chr(strlen($value)) . $value;
        }
        $this->send(self::HEADERS, $ends ? 5 : 4, $stream, $block);
    }

    public function connect(int $stream, string $path, string $protocol = 'websocket', array $more = []): void
    {
        $lines = [':method' => 'CONNECT', ':protocol' => $protocol, ':scheme' => 'http', ':path' => $path, ':authority' => 'test'];
        $this->request($stream, [...$lines, 'sec-websocket-version' => '13', ...$more]);
    }

    private function waiting(int $stream): ?array
    {
        return isset($this->waiting[$stream]) ? array_shift($this->waiting[$stream]) : null;
    }

    /** Asks for an answer that comes after everything that has been sent before, and waits for it. */
    public function ping(): void
    {
        $this->send(6, 0, 0, str_repeat('p', 8));
        do {
            [$kind, $flags, $stream, $payload] = $this->frame();
            $stream > 0 && $this->waiting[$stream][] = [$kind, $flags, $stream, $payload];
        } while ($kind !== 6);
    }

    /** Lets so many bytes more come. */
    public function wants(int $stream, int $bytes): void
    {
        $this->send(8, 0, 0, pack('N', $bytes));
        $this->send(8, 0, $stream, pack('N', $bytes));
    }

    /** Sends a message, and says what comes next. */
    public function say(int $stream, string $message): string
    {
        $this->send(0, 0, $stream, masked($message));
        return $this->next($stream);
    }

    /** The next frame: kind, flags, stream, payload. */
    private function frame(): array
    {
        $head = $this->read(9);
        $payload = $this->read(unpack('N', "\0" . $head)[1]);
        return [ord($head[3]), ord($head[4]), unpack('N', $head, 5)[1], $payload];
    }

    private function read(int $length): string
    {
        for ($got = ''; strlen($got) < $length; $got .= $part) {
            $part = fread($this->socket, $length - strlen($got));
            $part === '' || $part === false ? throw new RuntimeException('the connection ended') : null;
        }
        return $got;
    }

    /** The next frame of this stream: what it is, in words. */
    public function next(int $wanted): string
    {
        while (true) {
            [$kind, $flags, $stream, $payload] = $this->waiting($wanted) ?? $this->frame();
            if ($stream !== $wanted) {
                $stream > 0 && $this->waiting[$stream][] = [$kind, $flags, $stream, $payload];
                continue;
            }
            $end = $flags & 1 && $kind < 2 ? ', end' : '';
            switch ($kind) {
                case 0:
                    $this->bytes += strlen($payload);
                    $this->last = $payload;
                    return "$stream: data " . ($payload === '' ? '' : bin2hex(substr($payload, 0, 2)) . ' ' . substr($payload, 2, 40)) . $end;
                case self::HEADERS:
                    // of the table of RFC 7541
                    $status = self::STATUS[substr(bin2hex($payload), 0, 8)] ?? self::STATUS[substr(bin2hex($payload), 0, 2)];
                    return "$stream: status $status$end";
                case self::RESET:
                    return "$stream: reset " . unpack('N', $payload)[1];
            }
        }
    }
}

/** A frame of WebSocket as clients send them. */
function masked(string $data, int $first = 0x81): string
{
    return chr($first) . chr(0x80 | strlen($data)) . "\x11\x22\x33\x44" . ($data ^ str_repeat("\x11\x22\x33\x44", 32));
}
