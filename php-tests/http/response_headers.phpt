--TEST--
header() as Swoole does it
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $returned = [
                $response->header('x-a-b', 'c'),
                $response->header('X-lower', 'd', false),
                $response->header('X-List', ['1', '2']),
                $response->header('X-Int', '12'),
                $response->header('X-Twice', 'first'),
                $response->setHeader('x-twice', 'second'),
                $response->header('content-type', 'text/plain'),
                $response->header('Content-Length', '99'),
                $response->header('X-Spaces', "padded  "),
                $response->header("X-Bad\r\nX-Injected", 'v'),
                $response->header(str_repeat('k', 128), 'v'),
                $response->header('X-Evil', "v\r\nX-Injected: 1"),
            ];
            echo json_encode($returned), "\n", json_encode($response->header), "\n";
            $response->end('hello');
        });
        $server->start();
    });
    PHP);
$headers = http_request($server->port)['headers'];
unset($headers['date']);
ksort($headers);
foreach ($headers as $name => $value) {
    echo $name, ': ', implode(' | ', (array) $value), "\n";
}
echo $server->stop();
--EXPECTF--
connection: close
content-length: 5
content-type: text/plain
server: swoole-http-server
x-a-b: c
x-int: 12
x-list: 1 | 2
x-lower: d
x-spaces: padded
x-twice: second

Warning: Swoole\Http\Response::header(): Header may not contain more than a single header, new line detected in %s on line %d

Warning: Swoole\Http\Response::header(): header key is too long in %s on line %d
[true,true,true,true,true,true,true,true,true,false,false,true]
{"X-A-B":"c","X-lower":"d","X-List":["1","2"],"X-Int":"12","X-Twice":"second","Content-Type":"text\/plain","Content-Length":"99","X-Spaces":"padded  ","X-Evil":"v\r\nX-Injected: 1"}

Warning: Swoole\Http\Response::end(): Header may not contain more than a single header, new line detected in %s on line %d
