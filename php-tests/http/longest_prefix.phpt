--TEST--
The longest pattern that fits wins, whatever the order of handle() and the case of letters
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        foreach (['/', '/api', '/api/users', '/a'] as $pattern) {
            $server->handle($pattern, static fn($request, $response) => $response->end($pattern));
        }
        $server->handle('/a', static fn($request, $response) => $response->end('/a again'));
        $server->start();
    });
    PHP);
foreach (['/', '/b', '/a', '/api', '/API/x', '/api/users/7', '/api/user', '*'] as $path) {
    echo $path, ' -> ', http_request($server->port, $path, $path === '*' ? 'OPTIONS' : 'GET')['body'], "\n";
}
--EXPECT--
/ -> /
/b -> /
/a -> /a again
/api -> /api
/API/x -> /api
/api/users/7 -> /api/users
/api/user -> /api
* -> /
