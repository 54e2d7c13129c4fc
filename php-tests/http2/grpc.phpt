--TEST--
A unary and a server-streaming call of gRPC, by the PyPI grpcio client where there is one, else by the same frames through our own client
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
    Swoole\Coroutine\run(static function () use ($server): void {
        $client = new Swoole\Coroutine\Http2\Client('127.0.0.1', $server->port);
        $client->set(['timeout' => 10]);
        $client->connect();
        foreach (['unary' => 'it', 'stream' => ''] as $method => $text) {
            $request = new Swoole\Http2\Request();
            $request->method = 'POST';
            $request->path = "/test/$method";
            $request->headers = ['content-type' => 'application/grpc', 'te' => 'trailers'];
            $request->data = "\0" . pack('N', strlen($text)) . $text;
            $client->send($request);
            $response = $client->recv(10);
            $parts = [];
            for ($body = $response->data; strlen($body) >= 5; $body = substr($body, 5 + $length)) {
                $length = unpack('N', $body, 1)[1];
                $parts[] = substr($body, 5, $length);
            }
            $status = $response->headers['grpc-status'] ?? 'missing';
            echo $status === '0' ? implode(' ', $parts) : "status $status", "\n";
        }
    });
}
--EXPECT--
got it
one two three
