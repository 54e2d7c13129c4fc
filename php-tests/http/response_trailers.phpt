--TEST--
trailer(): lines after a body in chunks, also when the head went before them
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $response->header('Trailer', 'Content-MD5');
            $response->write('hello');
            Swoole\Coroutine::sleep(0.01);
            var_dump($response->trailer('Content-MD5', 'abc'), $response->trailer('B', ''), $response->trailer);
            var_dump($response->trailer(str_repeat('x', 128), 'v'));
            $response->end(str_repeat('w', (int) ($request->get['n'] ?? 0)));
            var_dump($response->trailer('C', 'd'));
        });
        $server->handle('/plain', static function ($request, $response): void {
            $response->trailer('A', 'b');
            $response->end('whole');
        });
        $server->start();
    });
    PHP);
$reply = raw_request($server->port, request_bytes('/', headers: ['Connection' => 'close']));
echo strtr(strstr($reply, "\r\n\r\n"), ["\r\n" => "~\n"]), "--\n";
// the next answer on the connection is not confused; a client of HTTP/1.0 gets no chunks and no trailers
$reply = raw_request(
    $server->port,
    request_bytes('/?n=100000') . request_bytes('/plain') . request_bytes('/', headers: ['Connection' => 'close']),
);
echo strlen($reply) > 100_000 ? 'long' : 'short', ' ';
var_dump(preg_match_all('/\r\n0\r\ncontent-md5: abc\r\nb: \r\n\r\n(HTTP|$)/', $reply), substr_count($reply, 'whole'));
$reply = raw_request($server->port, "GET / HTTP/1.0\r\n\r\n");
echo strstr($reply, "\r\n\r\n"), "\n";
echo substr_count($server->stop(), 'trailer key is too long'), "\n";
--EXPECT--
~
~
5~
hello~
0~
content-md5: abc~
b: ~
~
--
long int(2)
int(1)


hello
4
