--TEST--
A header whose text changes the headers while they are sent
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    final class Meddler
    {
        public function __construct(private Swoole\Http\Response $response) {}

        public function __toString(): string
        {
            for ($i = 0; $i < 100; $i++) {
                $this->response->header("X-Late-$i", str_repeat('v', $i));
            }
            $this->response->header = ['X-Other' => 'all others are gone'];
            return 'meddled';
        }
    }
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $name = str_shuffle('xxx') . '-made-' . getmypid() % 1;
            $response->header($name, 'first');
            $response->header = $response->header + ['X-Meddler' => new Meddler($response), 'x-' . $name => 'last'];
            $response->end('hello');
            echo json_encode($response->header), "\n";
        });
        $server->start();
    });
    PHP);
['headers' => $headers, 'body' => $body] = http_request($server->port);
echo $body, "\n";
foreach (['xxx-made-0', 'x-meddler', 'x-xxx-made-0', 'x-late-1', 'x-other'] as $name) {
    echo $name, ': ', json_encode($headers[$name] ?? null), "\n";
}
echo $server->stop();
--EXPECT--
hello
xxx-made-0: "first"
x-meddler: "meddled"
x-xxx-made-0: "last"
x-late-1: null
x-other: null
{"X-Other":"all others are gone"}
