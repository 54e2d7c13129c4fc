--TEST--
cookie() and rawcookie() as Swoole does them
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $returned = [
                $response->cookie('n', 'v x=;', 1893456000, '/', 'd.com', true, true, 'Lax', 'High', true),
                $response->rawcookie('raw', 'v%20'),
                $response->setCookie('same', 'a'),
                $response->setRawCookie('sameraw', 'b'),
                $response->cookie('empty'),
                $response->cookie('path', 'p', 0, '/x'),
                $response->rawcookie('bad', 'v x'),
                $response->cookie('bad=name', 'v'),
                $response->cookie('', 'v'),
                $response->cookie('badpath', 'v', 0, '/;'),
                $response->cookie('baddomain', 'v', 0, '/', 'a b'),
                $response->cookie('late', 'v', 253402300800),
                $response->cookie((new Swoole\Http\Cookie())->withName('object')->withValue('a b')->withHttpOnly(true)),
                $response->rawcookie((new Swoole\Http\Cookie())->withName('still')->withValue('encoded b')),
                $response->cookie((new Swoole\Http\Cookie())->withValue('nameless')),
                $response->cookie(null),
            ];
            echo json_encode($returned), "\n";
            $response->end();
            var_dump(count($response->cookie));
        });
        $server->start();
    });
    PHP);
foreach (http_request($server->port)['headers']['set-cookie'] as $line) {
    echo preg_replace('/Max-Age=[1-9]\d+/', 'Max-Age=(n)', $line), "\n";
}
echo $server->stop();
--EXPECTF--
n=v+x%3D%3B; expires=Tue, 01-Jan-2030 00:00:00 GMT; Max-Age=(n); path=/; domain=d.com; secure; HttpOnly; SameSite=Lax; Priority=High; Partitioned
raw=v%20
same=a
sameraw=b
empty=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0
path=p; path=/x
object=a+b; HttpOnly
still=encoded+b

Warning: Swoole\Http\Response::rawcookie(): The value cannot contain ",", ";", " ", "\t", "\r", "\n", "\013", or "\014" in %s on line %d

Warning: Swoole\Http\Response::cookie(): The name cannot contain "=", ",", ";", " ", "\t", "\r", "\n", "\013", or "\014" in %s on line %d

Warning: Swoole\Http\Response::cookie(): The name cannot be empty in %s on line %d

Warning: Swoole\Http\Response::cookie(): The path option cannot contain ",", ";", " ", "\t", "\r", "\n", "\013", or "\014" in %s on line %d

Warning: Swoole\Http\Response::cookie(): The domain option cannot contain ",", ";", " ", "\t", "\r", "\n", "\013", or "\014" in %s on line %d

Warning: Swoole\Http\Response::cookie(): The expires cannot have a year greater than 9999 in %s on line %d

Warning: Swoole\Http\Response::cookie(): The name cannot be empty in %s on line %d

Warning: Swoole\Http\Response::cookie(): The first argument must be a string or an cookie object in %s on line %d
[true,true,true,true,true,true,false,false,false,false,false,false,true,true,false,false]
int(8)
