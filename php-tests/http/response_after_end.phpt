--TEST--
After end() everything returns false
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            var_dump($response->isWritable());
            var_dump($response->end('once'), $response->isWritable());
            var_dump($response->end('twice'), $response->write('x'), $response->header('a', 'b'), $response->status(200));
            var_dump($response->redirect('/'), $response->initHeader(), $response->cookie('a', 'b'));
            echo swoole_last_error() === SWOOLE_ERROR_HTTP_CONTEXT_UNAVAILABLE ? "unavailable\n" : "?\n";
        });
        $server->start();
    });
    PHP);
echo http_request($server->port)['body'], "\n", $server->stop();
--EXPECT--
once
bool(true)
bool(true)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
unavailable
