--TEST--
Requirement 9: headers, body, query, cookies and forms reach the handler
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $response->end(json_encode([
                'method' => $request->getMethod(),
                'uri' => $request->server['request_uri'],
                'query' => $request->server['query_string'] ?? null,
                'get' => $request->get,
                'post' => $request->post,
                'cookie' => $request->cookie,
                'x-test' => $request->header['x-test'] ?? null,
                'body' => $request->rawContent(),
                'same' => $request->rawContent() === $request->getContent(),
            ]));
        });
        $server->start();
    });
    PHP);
echo http_request($server->port, '/path/x?a=1&b[]=2&b[]=3', 'GET', ['X-Test' => 'yes', 'Cookie' => 'one=1; two=%32'])['body'], "\n";
echo http_request($server->port, '/form', 'POST', ['Content-Type' => 'application/x-www-form-urlencoded'], 'x=1&y=a%20b')['body'], "\n";
echo http_request($server->port, '/json', 'PUT', ['Content-Type' => 'application/json'], '{"a":1}')['body'], "\n";
--EXPECT--
{"method":"GET","uri":"\/path\/x","query":"a=1&b[]=2&b[]=3","get":{"a":"1","b":["2","3"]},"post":null,"cookie":{"one":"1","two":"2"},"x-test":"yes","body":"","same":true}
{"method":"POST","uri":"\/form","query":null,"get":null,"post":{"x":"1","y":"a b"},"cookie":null,"x-test":null,"body":"x=1&y=a%20b","same":true}
{"method":"PUT","uri":"\/json","query":null,"get":null,"post":null,"cookie":null,"x-test":null,"body":"{\"a\":1}","same":true}
