--TEST--
Compression: who gets which coding, from which length, of which types
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$code = <<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        if (getenv('SETTINGS') !== '[]') {
            $server->set(json_decode(getenv('SETTINGS'), true));
        }
        $server->handle('/', static function ($request, $response): void {
            parse_str($request->server['query_string'], $wanted);
            if (isset($wanted['type'])) {
                $response->header('Content-Type', $wanted['type']);
            }
            if (isset($wanted['coded'])) {
                $response->header('Content-Encoding', 'x');
            }
            if (isset($wanted['parts'])) {
                $response->write('x');
            }
            $response->end(str_repeat('x', (int) $wanted['n']));
        });
        $server->start();
    });
    PHP;
function show(int $port, string $accept, string $query): void
{
    $reply = http_request($port, "/?$query", headers: ['Accept-Encoding' => $accept]);
    $coding = $reply['headers']['content-encoding'] ?? '-';
    $body = match ($coding) {
        'gzip' => gzdecode($reply['body']),
        'deflate' => gzinflate($reply['body']),
        'br' => '(br)',
        default => $reply['body'],
    };
    echo "$accept $query: $coding ", strlen($body), "\n";
}
$server = ServerProcess::start($code, env: ['SETTINGS' => '[]']);
foreach (['gzip', 'deflate', 'gzip, deflate, br', 'identity', 'gzip;q=0'] as $accept) {
    show($server->port, $accept, 'n=20');
}
foreach (['n=19', 'n=100000', 'n=100&coded', 'n=100&parts', 'n=100&type=image/png'] as $query) {
    show($server->port, 'gzip', $query);
}
$server->stop();
echo "some types, from 100 bytes\n";
$settings = ['http_compression_types' => ['text/html', 'application/json'], 'compression_min_length' => 100, 'http_gzip_level' => 99];
$server = ServerProcess::start($code, env: ['SETTINGS' => json_encode($settings)]);
foreach (['n=99', 'n=100', 'n=100&type=application/json', 'n=100&type=text/plain'] as $query) {
    show($server->port, 'gzip', $query);
}
$server->stop();
echo "none\n";
$server = ServerProcess::start($code, env: ['SETTINGS' => '{"http_compression": false}']);
show($server->port, 'gzip', 'n=100');
echo $server->stop();
--EXPECT--
gzip n=20: gzip 20
deflate n=20: deflate 20
gzip, deflate, br n=20: br 4
identity n=20: - 20
gzip;q=0 n=20: - 20
gzip n=19: - 19
gzip n=100000: gzip 100000
gzip n=100&coded: x 100
gzip n=100&parts: - 101
gzip n=100&type=image/png: gzip 100
some types, from 100 bytes
gzip n=99: - 99
gzip n=100: gzip 100
gzip n=100&type=application/json: gzip 100
gzip n=100&type=text/plain: - 100
none
gzip n=100: - 100
