--TEST--
Coroutine\Http\Server: headers go out in Swoole's order, and Content-Length where it was set
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $response->header('X-First', '1');
            switch ($request->server['request_uri']) {
                case '/plain':
                    $response->cookie('a', 'b');
                    $response->end('plain');
                    break;
                case '/shorter':
                    $response->header('Content-Length', '3');
                    $response->header('X-Last', '2');
                    $response->end('shorter');
                    break;
                case '/longer':
                    $response->header('Content-Length', '1000');
                    $response->end('longer');
                    break;
                case '/nothing':
                    foreach (['Date', 'Connection', 'Server', 'Content-Type'] as $name) {
                        $response->header($name, '');
                    }
                    $response->end('nothing');
                    break;
                case '/parts':
                    $response->write('parts');
                    $response->end();
                    break;
            }
        });
        $server->start();
    });
    PHP);
foreach (['/plain', '/shorter', '/longer', '/nothing', '/parts'] as $path) {
    $reply = raw_request($server->port, "GET $path HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    [$head, $body] = explode("\r\n\r\n", $reply, 2);
    $lines = preg_replace('/^(Date): .*/', '$1', array_slice(explode("\r\n", $head), 1));
    echo implode(' | ', $lines), ' => ', strtr($body, ["\r\n" => '/']), "\n";
}
--EXPECT--
X-First: 1 | Set-Cookie: a=b | Server: swoole-http-server | Date | Connection: close | Content-Type: text/html | Content-Length: 5 => plain
X-First: 1 | Content-Length: 3 | X-Last: 2 | Server: swoole-http-server | Date | Connection: close | Content-Type: text/html => sho
X-First: 1 | Content-Length: 6 | Server: swoole-http-server | Date | Connection: close | Content-Type: text/html => longer
X-First: 1 | Content-Length: 7 => nothing
X-First: 1 | Server: swoole-http-server | Date | Connection: close | Content-Type: text/html | Transfer-Encoding: chunked => 5/parts/0//
