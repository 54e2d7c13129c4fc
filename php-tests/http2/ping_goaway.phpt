--TEST--
HTTP/2: ping() and goaway() go out before the answer, from the process that has the connection and from workers
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

foreach (['SWOOLE_BASE', 'SWOOLE_PROCESS'] as $mode) {
    $server = ServerProcess::start(<<<'PHP'
        $server = new Swoole\Http\Server('127.0.0.1', (int) getenv('PORT'), constant(getenv('MODE')));
        $server->set(['worker_num' => 1, 'open_http2_protocol' => true, 'log_file' => '/dev/null']);
        $server->on('request', static function ($request, $response): void {
            $result = match ($request->server['request_uri']) {
                '/ping' => $response->ping(),
                '/goaway' => $response->goaway(SWOOLE_HTTP2_ERROR_ENHANCE_YOUR_CALM, 'slowly'),
            };
            $response->end(var_export($result, true));
        });
        $server->start();
        PHP, [], ['MODE' => $mode]);
    echo $mode, "\n";
    foreach (['/ping', '/goaway'] as $path) {
        $socket = connect_to($server->port, 10.0);
        // the preface, no settings, one request with no body
        $head = "\x82\x86\x44" . chr(strlen($path)) . $path . "\x41\x01x";
        $frame = static fn (int $type, int $flags, int $stream, string $payload): string
            => substr(pack('N', strlen($payload)), 1) . chr($type) . chr($flags) . pack('N', $stream) . $payload;
        fwrite($socket, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" . $frame(4, 0, 0, '') . $frame(1, 5, 7, $head));
        do {
            $header = read_exactly($socket, 9);
            $length = hexdec(bin2hex(substr($header, 0, 3)));
            $payload = $length === 0 ? '' : read_exactly($socket, $length);
            [$type, $flags] = [ord($header[3] ?? "\0"), ord($header[4] ?? "\1")];
            echo match ($type) {
                0 => "data $payload\n",
                1 => "head\n",
                6 => 'ping ' . bin2hex($payload) . "\n",
                7 => 'goaway ' . implode(' ', unpack('Nlast/Ncode', $payload)) . ' ' . substr($payload, 8) . "\n",
                default => '',
            };
        } while ($header !== '' && !($type === 0 && ($flags & 1)));
        fclose($socket);
    }
    $server->stop();
}
--EXPECT--
SWOOLE_BASE
ping 0000000000000000
head
data true
goaway 7 11 slowly
head
data true
SWOOLE_PROCESS
ping 0000000000000000
head
data true
goaway 7 11 slowly
head
data true
