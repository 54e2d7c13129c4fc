--TEST--
A path without a handler is answered with 404
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/known', static fn($request, $response) => $response->end('here'));
        $server->start();
    });
    PHP);
$response = http_request($server->port, '/unknown');
unset($response['headers']['date']);
ksort($response['headers']);
echo json_encode($response), "\n", http_request($server->port, '/known')['body'], "\n";
--EXPECT--
{"status":404,"reason":"Not Found","headers":{"connection":"close","content-length":"0","content-type":"text\/html","server":"swoole-http-server"},"body":""}
here
