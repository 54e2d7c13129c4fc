--TEST--
Malformed requests are answered with 400 and reach no handler
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            echo "handled\n";
            $response->end('fine');
        });
        $server->start();
    });
    PHP);
foreach ([
    'no Host' => "GET / HTTP/1.1\r\n\r\n",
    'two Hosts' => "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    'no Host in HTTP/1.0' => "GET / HTTP/1.0\r\n\r\n",
    'rubbish' => "rubbish\r\n\r\n",
    'bad target' => "GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n",
    'bad version' => "GET / HTTP/7.3\r\nHost: x\r\n\r\n",
    'bad header' => "GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
    'bad length' => "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    'two lengths' => "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    'unknown coding' => "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
    'bad after good' => "GET / HTTP/1.1\r\nHost: x\r\n\r\nrubbish\r\n\r\n",
] as $name => $bytes) {
    preg_match_all('~HTTP/1\.[01] (\d+)~', raw_request($server->port, $bytes), $statuses);
    echo $name, ': ', implode(' ', $statuses[1]), "\n";
}
echo $server->stop();
--EXPECT--
no Host: 400
two Hosts: 400
no Host in HTTP/1.0: 200
rubbish: 400
bad target: 400
bad version: 400
bad header: 400
bad length: 400
two lengths: 400
unknown coding: 400
bad after good: 200 400
handled
handled
