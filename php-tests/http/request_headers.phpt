--TEST--
Header names are lower-case; repeated headers are lists, but for those that exist once; cookies are elsewhere
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static fn($request, $response) => $response->end(json_encode([$request->header, $request->cookie])));
        $server->start();
    });
    PHP);
echo http_request($server->port)['body'], "\n";
$request = "GET / HTTP/1.1\r\nHost: x\r\nX-Two: a\r\nX-TWO: b\r\nX-Two: c\r\nUser-Agent: first\r\nUser-Agent: last\r\n"
    . "Cookie: a=1; b=2\r\nCookie: a=3; c=%20x+y\r\nX-Empty:\r\nX-Bytes: \xc3\xa4\r\nConnection: close\r\n\r\n";
echo substr(strstr(raw_request($server->port, $request), "\r\n\r\n"), 4), "\n";
--EXPECT--
[{"connection":"close","host":"127.0.0.1"},null]
[{"host":"x","x-two":["a","b","c"],"user-agent":"last","x-empty":"","x-bytes":"\u00e4","connection":"close"},{"a":"1","b":"2","c":" x+y"}]
