<?php

declare(strict_types=1);

/**
 * A name server on 127.0.0.1 in a child process. The first label of a name says how it is answered:
 *
 * `one` 10.0.0.1; `two` by way of another name, 10.0.0.1 and 10.0.0.2; `count` 10.1.0.N for the Nth question; `none` there is no
 * such name; `empty` no addresses; `silent` not at all; `garbage` with bytes that are no answer; `other` with the number of
 * another question; `spoofed` with both of these first, then 10.0.0.9.
 */
final class DnsServer
{
    /** @var resource */
    private $process;

    private function __construct(public readonly int $port, $process, /** The child ends when this is closed. */ private $input)
    {
        $this->process = $process;
    }

    public static function start(): self
    {
        $process = proc_open([PHP_BINARY, '-n', script_file(self::SCRIPT)], [['pipe', 'r'], ['pipe', 'w'], ['file', '/dev/null', 'w']], $pipes);
        return new self((int) fgets($pipes[1]), $process, $pipes[0]);
    }

    public function __destruct()
    {
        proc_terminate($this->process, SIGKILL);
        proc_close($this->process);
    }

    private const SCRIPT = <<<'PHP'
        <?php
        $socket = stream_socket_server('udp://127.0.0.1:0', $errno, $error, STREAM_SERVER_BIND);
        echo substr(strrchr(stream_socket_get_name($socket, false), ':'), 1), "\n";
        $count = 0;
        while (true) {
            $ready = [$socket, STDIN];
            $none = [];
            stream_select($ready, $none, $none, null);
            if (in_array(STDIN, $ready, true)) {
                exit;
            }
            $question = stream_socket_recvfrom($socket, 600, 0, $peer);
            $label = strtolower(substr($question, 13, ord($question[12])));
            $end = strpos($question, "\0", 12) + 5;
            $six = substr($question, $end - 4, 2) === "\0\x1c";
            $asked = substr($question, 12, $end - 12);
            $answer = static fn (string $records, int $number, int $code = 0) => substr($question, 0, 2)
                . pack('n5', 0x8180 | $code, 1, $number, 0, 0) . $asked . $records;
            $v4 = static fn (string $address, string $name = "\xc0\x0c") => $name . pack('nnNn', 1, 1, 60, 4) . inet_pton($address);
            $v6 = static fn (string $address) => "\xc0\x0c" . pack('nnNn', 28, 1, 60, 16) . inet_pton($address);
            $garbage = str_repeat("\xff\xc0", 20);
            $other = static fn (string $packet) => chr(ord($packet[0]) ^ 0xff) . substr($packet, 1);
            $alias = "\xc0\x0c" . pack('nnNn', 5, 1, 60, 7) . "\5alias\0";
            $packets = match ($label) {
                'one' => [$answer($six ? $v6('2001:db8::1') : $v4('10.0.0.1'), 1)],
                'two' => [$answer($alias . $v4('10.0.0.1', "\5alias\0") . $v4('10.0.0.2', "\5alias\0"), 3)],
                'count' => [$answer($v4('10.1.0.' . ++$count), 1)],
                'none' => [$answer('', 0, 3)],
                'empty' => [$answer('', 0)],
                'garbage' => [$garbage],
                'other' => [$other($answer($v4('10.0.0.1'), 1))],
                'spoofed' => [$garbage, $other($answer($v4('10.0.0.1'), 1)), $answer($v4('10.0.0.9'), 1)],
                default => [],
            };
            foreach ($packets as $packet) {
                stream_socket_sendto($socket, $packet, 0, $peer);
            }
        }
        PHP;
}
