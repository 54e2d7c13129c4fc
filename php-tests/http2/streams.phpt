--TEST--
HTTP/2: many requests at a time, replies in pieces and with trailers
--EXTENSIONS--
curl
openssl
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/certificates.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine::set(['log_level' => SWOOLE_LOG_NONE]);
    Swoole\Coroutine\run(static function (): void {
        $folder = getenv('FOLDER');
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'), true);
        $server->set([
            'ssl_cert_file' => "$folder/localhost.crt",
            'ssl_key_file' => "$folder/localhost.key",
            'open_http2_protocol' => true,
        ]);
        $server->handle('/', static function ($request, $response): void {
            Swoole\Coroutine::sleep(0.001 * (int) $request->get['n']);
            $response->end($request->get['n'] . "\n");
        });
        $server->handle('/pieces', static function ($request, $response): void {
            foreach (['one ', 'two ', 'three '] as $piece) {
                $response->write($piece);
                Swoole\Coroutine::sleep(0.001);
            }
            $response->trailer('x-after', 'all');
            $response->end('four');
        });
        $server->handle('/whole', static function ($request, $response): void {
            $response->trailer('grpc-status', '0');
            $response->end('whole');
        });
        $server->handle('/large', static fn ($request, $response) => $response->end(str_repeat('x', 3_000_000)));
        $server->start();
    });
    PHP, [], ['FOLDER' => certificates()]);
$multi = curl_multi_init();
curl_multi_setopt($multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
curl_multi_setopt($multi, CURLMOPT_MAX_HOST_CONNECTIONS, 1);
$open = static function (string $path) use ($server, $multi): CurlHandle {
    $curl = curl_init("https://127.0.0.1:$server->port$path");
    curl_setopt_array($curl, [
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_2TLS,
        CURLOPT_SSL_VERIFYPEER => false,
        CURLOPT_SSL_VERIFYHOST => 0,
        CURLOPT_TIMEOUT => 60,
        CURLOPT_PIPEWAIT => true,
    ]);
    curl_multi_add_handle($multi, $curl);
    return $curl;
};
$handles = array_map($open, [...array_map(static fn (int $n): string => "/?n=$n", range(1, 20)), '/pieces', '/whole', '/large']);
do {
    curl_multi_exec($multi, $running);
    curl_multi_select($multi, 0.1);
} while ($running > 0);
foreach ($handles as $i => $curl) {
    $body = curl_multi_getcontent($curl);
    if ($i < 20) {
        echo (int) ($body === ($i + 1) . "\n");
    } else {
        echo "\n", curl_getinfo($curl, CURLINFO_RESPONSE_CODE), ' ', strlen($body), ' ', substr($body, 0, 30);
    }
}
echo "\n";
// libcurl 7.88 forgets trailers that come together with the body
Swoole\Coroutine\run(static function () use ($server): void {
    $client = new Swoole\Coroutine\Http2\Client('127.0.0.1', $server->port, true);
    $client->set(['timeout' => 10, 'ssl_verify_peer' => false]);
    $client->connect();
    foreach (['/pieces' => 'x-after', '/whole' => 'grpc-status'] as $path => $name) {
        $request = new Swoole\Http2\Request();
        $request->path = $path;
        $client->send($request);
        echo "$name: ", $client->recv(10)->headers[$name] ?? 'missing', "\n";
    }
});
echo $server->stop();
--EXPECT--
11111111111111111111
200 18 one two three four
200 5 whole
200 3000000 xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
x-after: all
grpc-status: 0
