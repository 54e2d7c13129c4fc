--TEST--
write() sends parts, end() the last one
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $response->header('X-Early', 'yes');
            var_dump($response->write('one'), $response->write(''), $response->header('X-Late', 'no'), $response->status(500));
            var_dump($response->write('two'), $response->end('three'), $response->end());
        });
        $server->start();
    });
    PHP);
$response = http_request($server->port);
echo $response['status'], ' ', $response['body'], ' ', json_encode([$response['headers']['x-early'] ?? null, $response['headers']['x-late'] ?? null]), "\n";
echo preg_replace('/ in .*/', '', $server->stop());
--EXPECTF--
200 onetwothree ["yes",null]

Warning: Swoole\Http\Response::write(): the data sent must not be empty
bool(true)
bool(false)
bool(true)
bool(true)
bool(true)
bool(true)
bool(false)
