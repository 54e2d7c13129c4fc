--TEST--
max_input_vars bounds the fields of queries, forms and cookies
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $response->end(implode(' ', [count($request->get), count($request->post), count($request->cookie)]));
        });
        $server->start();
    });
    PHP, ['max_input_vars' => '7', 'display_errors' => '0']);
$many = static fn(string $glue): string => implode($glue, array_map(static fn(int $i): string => "a$i=$i", range(1, 20)));
$headers = ['Content-Type' => 'application/x-www-form-urlencoded', 'Cookie' => $many('; ')];
echo http_request($server->port, '/?' . $many('&'), 'POST', $headers, $many('&'))['body'], "\n";
--EXPECT--
7 7 7
