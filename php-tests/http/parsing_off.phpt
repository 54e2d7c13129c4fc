--TEST--
http_parse_cookie and http_parse_post leave cookies and forms unread
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->set(['http_parse_cookie' => false, 'http_parse_post' => false]);
        $server->handle('/', static function ($request, $response): void {
            $response->end(json_encode([$request->header['cookie'], $request->cookie, $request->post, $request->rawContent()]));
        });
        $server->start();
    });
    PHP);
$headers = ['Cookie' => 'a=1', 'Content-Type' => 'application/x-www-form-urlencoded'];
echo http_request($server->port, '/', 'POST', $headers, 'x=1')['body'], "\n";
--EXPECT--
["a=1",null,null,"x=1"]
