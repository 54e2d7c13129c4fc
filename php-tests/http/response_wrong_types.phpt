--TEST--
Wrong argument types are PHP's own errors, and the response is still good
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            foreach ([
                static fn() => $response->end([]),
                static fn() => $response->write(),
                static fn() => $response->status('abc'),
                static fn() => $response->header('a'),
                static fn() => $response->header([], 'x'),
            ] as $try) {
                try {
                    $try();
                } catch (Throwable $error) {
                    echo get_class($error), ': ', $error->getMessage(), "\n";
                }
            }
            $response->end('still');
        });
        $server->start();
    });
    PHP);
echo http_request($server->port)['body'], "\n", $server->stop();
--EXPECT--
still
TypeError: Swoole\Http\Response::end(): Argument #1 ($content) must be of type ?string, array given
ArgumentCountError: Swoole\Http\Response::write() expects exactly 1 argument, 0 given
TypeError: Swoole\Http\Response::status(): Argument #1 ($http_code) must be of type int, string given
ArgumentCountError: Swoole\Http\Response::header() expects at least 2 arguments, 1 given
TypeError: Swoole\Http\Response::header(): Argument #1 ($key) must be of type string, array given
