--TEST--
Methods of Request
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $made = new Swoole\Http\Request();
            $response->end(json_encode([
                $request->getMethod(), $request->isCompleted(), $request->parse('x'), $request->getData(),
                $made->getMethod(), $made->getContent(), $made->getData(), $made->get, $made->fd,
            ]));
        });
        $server->start();
    });
    PHP);
echo http_request($server->port, '/x?y=1', 'PUT', ['X-Some-Header' => 'v'], 'body')['body'], "\n";
echo http_request($server->port, '/x', 'PROPFIND')['body'], "\n";
--EXPECT--
["PUT",true,false,"PUT \/x?y=1 HTTP\/1.1\r\nX-Some-Header: v\r\nConnection: close\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\n\r\nbody",false,false,false,null,0]
["PROPFIND",true,false,"PROPFIND \/x HTTP\/1.1\r\nConnection: close\r\nHost: 127.0.0.1\r\n\r\n",false,false,false,null,0]
