--TEST--
A unary and a server-streaming call of gRPC, by the PyPI grpcio client where there is one, else by the same frames through curl
--EXTENSIONS--
curl
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $message = static fn (string $text): string => "\0" . pack('N', strlen($text)) . $text;
        $server->handle('/test/unary', static function ($request, $response) use ($message): void {
            $response->header('content-type', 'application/grpc');
            $response->trailer('grpc-status', '0');
            $response->end($message('got ' . substr($request->rawContent(), 5)));
        });
        $server->handle('/test/stream', static function ($request, $response) use ($message): void {
            $response->header('content-type', 'application/grpc');
            foreach (['one', 'two', 'three'] as $text) {
                $response->write($message($text));
                Swoole\Coroutine::sleep(0.001);
            }
            $response->trailer('grpc-status', '0');
            $response->end();
        });
        $server->start();
    });
    PHP);
$script = <<<'PYTHON'
    import sys
    try:
        import grpc
    except ImportError:
        sys.exit(77)
    channel = grpc.insecure_channel('127.0.0.1:' + sys.argv[1])
    print(channel.unary_unary('/test/unary')(b'it', timeout=10).decode())
    print(*[part.decode() for part in channel.unary_stream('/test/stream')(b'', timeout=10)])
    PYTHON;
$python = getenv('STEELWOOL_PYTHON') ?: 'python3';
exec("$python -c " . escapeshellarg($script) . " $server->port 2>&1", $lines, $code);
if ($code === 0) {
    echo implode("\n", $lines), "\n";
} else {
    foreach (['unary' => 'it', 'stream' => ''] as $method => $text) {
        $status = '';
        $curl = curl_init("http://127.0.0.1:$server->port/test/$method");
        curl_setopt_array($curl, [
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE,
            CURLOPT_TIMEOUT => 10,
            CURLOPT_HTTPHEADER => ['content-type: application/grpc', 'te: trailers'],
            CURLOPT_POSTFIELDS => "\0" . pack('N', strlen($text)) . $text,
            CURLOPT_HEADERFUNCTION => static function ($curl, string $line) use (&$status): int {
                $status = str_starts_with($line, 'grpc-status: ') ? trim(substr($line, 13)) : $status;
                return strlen($line);
            },
        ]);
        $body = (string) curl_exec($curl);
        $parts = [];
        while (strlen($body) >= 5) {
            $length = unpack('N', $body, 1)[1];
            $parts[] = substr($body, 5, $length);
            $body = substr($body, 5 + $length);
        }
        echo $status === '0' ? implode(' ', $parts) : "status $status", "\n";
    }
}
--EXPECT--
got it
one two three
