--TEST--
Static files: known types, locations, index files, parts, dates, HEAD, and no way out of the root
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$place = sys_get_temp_dir() . '/steelwool-static-' . getmypid();
mkdir("$place/root/with", 0700, true);
$files = ['secret.txt' => 'secret', 'root/a.html' => '<p>', 'root/b.unknown' => 'b', 'root/with/index.html' => 'index'];
foreach ($files as $name => $content) {
    file_put_contents("$place/$name", $content);
}
file_put_contents("$place/root/big.bin", $big = random_bytes(3_000_000));
touch("$place/root/a.html", 1_700_000_000);
$code = <<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->set(json_decode(getenv('SETTINGS'), true));
        $server->handle('/', static fn($request, $response) => $response->end('handler ' . $request->server['request_uri']));
        $server->start();
    });
    PHP;
$ask = static function (int $port, string $path, array $headers = [], string $method = 'GET'): void {
    $reply = http_request($port, $path, $method, $headers);
    $shown = ['content-type', 'content-length', 'content-range', 'accept-ranges', 'last-modified'];
    $lines = array_intersect_key($reply['headers'], array_flip($shown));
    $body = str_contains($reply['body'], '<html') ? '(page)' : $reply['body'];
    echo "$method $path ", $reply['status'], ' ', json_encode($lines, JSON_UNESCAPED_SLASHES), ' ', $body, "\n";
};
$settings = ['enable_static_handler' => true, 'document_root' => "$place/root"];
$server = ServerProcess::start($code, env: ['SETTINGS' => json_encode($settings)]);
$ask($server->port, '/a.html');
$ask($server->port, '/a.html', method: 'HEAD');
$ask($server->port, '/a.html', method: 'POST');
$ask($server->port, '/a.html', ['Range' => 'bytes=1-']);
$ask($server->port, '/a.html', ['Range' => 'bytes=3-']);
$ask($server->port, '/a.html', ['If-Modified-Since' => 'Tue, 14 Nov 2023 22:13:20 GMT']);
$ask($server->port, '/a.html', ['If-Modified-Since' => 'Tue, 14 Nov 2023 22:13:19 GMT']);
$ask($server->port, '/b.unknown');
$ask($server->port, '/none.html');
$ask($server->port, '/%2e%2e/secret.txt');
$ask($server->port, '/with');
$reply = http_request($server->port, '/big.bin');
var_dump($reply['body'] === $big);
$reply = http_request($server->port, '/big.bin', headers: ['Range' => 'bytes=0-999999,2000000-2999999']);
preg_match('~^multipart/byteranges; boundary=(\w+)$~', $reply['headers']['content-type'], $match);
$parts = explode("--$match[1]", $reply['body']);
$expected = ["", substr($big, 0, 1_000_000), substr($big, 2_000_000), "--\r\n"];
foreach ($parts as $index => $part) {
    $part = str_contains($part, "\r\n\r\n") ? explode("\r\n\r\n", $part, 2)[1] : $part;
    echo in_array($part, [$expected[$index], $expected[$index] . "\r\n"], true) ? 'same ' : 'different ';
}
echo strlen($reply['body']) === (int) $reply['headers']['content-length'] ? "length\n" : "wrong length\n";
$server->stop();
echo "locations, index, list, rules\n";
$settings += [
    'static_handler_locations' => ['/with', '/b', 'x', '/'],
    'http_index_files' => ['index.php', 'index.html'],
    'http_autoindex' => true,
    'url_rewrite_rules' => ['~^/number/(\d+)$~' => '/with/$1.html', '/old' => '/with'],
];
$server = ServerProcess::start($code, env: ['SETTINGS' => json_encode($settings)]);
foreach (['/with', '/with/none.html', '/', '/b.unknown', '/old', '/number/7'] as $path) {
    $ask($server->port, $path);
}
echo $server->stop();
$settings['document_root'] = "$place/no-such";
$server = ServerProcess::start($code, env: ['SETTINGS' => json_encode($settings)]);
$ask($server->port, '/a.html');
echo substr_count($server->stop(), 'does not exist'), "\n";
foreach ([...array_keys($files), 'root/big.bin'] as $name) {
    unlink("$place/$name");
}
array_map(rmdir(...), ["$place/root/with", "$place/root", $place]);
--EXPECTF--
GET /a.html 200 {"content-type":"text/html","accept-ranges":"bytes","last-modified":"Tue, 14 Nov 2023 22:13:20 GMT","content-length":"3"} <p>
HEAD /a.html 200 {"content-type":"text/html","accept-ranges":"bytes","last-modified":"Tue, 14 Nov 2023 22:13:20 GMT","content-length":"3"} 
POST /a.html 200 {"content-type":"text/html","content-length":"15"} handler /a.html
GET /a.html 206 {"content-type":"text/html","content-range":"bytes 1-2/3","last-modified":"Tue, 14 Nov 2023 22:13:20 GMT","content-length":"2"} p>
GET /a.html 416 {"content-type":"text/html","content-range":"bytes */3","last-modified":"Tue, 14 Nov 2023 22:13:20 GMT","content-length":"0"} 
GET /a.html 304 {"last-modified":"Tue, 14 Nov 2023 22:13:20 GMT"} 
GET /a.html 200 {"content-type":"text/html","accept-ranges":"bytes","last-modified":"Tue, 14 Nov 2023 22:13:20 GMT","content-length":"3"} <p>
GET /b.unknown 200 {"content-type":"text/html","content-length":"18"} handler /b.unknown
GET /none.html 200 {"content-type":"text/html","content-length":"18"} handler /none.html
GET /%2e%2e/secret.txt 200 {"content-type":"text/html","content-length":"26"} handler /%2e%2e/secret.txt
GET /with 200 {"content-type":"text/html","content-length":"13"} handler /with
bool(true)
same same same same length
locations, index, list, rules
GET /with 200 {"content-type":"text/html","accept-ranges":"bytes","last-modified":"%s","content-length":"5"} index
GET /with/none.html 404 {"content-type":"text/html","content-length":"%d"} (page)
GET / 200 {"content-type":"text/html","last-modified":"%s","content-length":"%d"} (page)
GET /b.unknown 200 {"content-type":"application/octet-stream","accept-ranges":"bytes","last-modified":"%s","content-length":"1"} b
GET /old 200 {"content-type":"text/html","accept-ranges":"bytes","last-modified":"%s","content-length":"5"} index
GET /number/7 404 {"content-type":"text/html","content-length":"%d"} (page)
GET /a.html 200 {"content-type":"text/html","content-length":"15"} handler /a.html
1
