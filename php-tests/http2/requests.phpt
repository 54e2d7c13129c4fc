--TEST--
HTTP/2 over TLS and from the first byte on: the same handler, streamId and protocol, bodies both ways
--EXTENSIONS--
curl
openssl
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/certificates.php';

$folder = certificates();
foreach ([true, false] as $tls) {
    $server = ServerProcess::start(<<<'PHP'
        Swoole\Coroutine::set(['log_level' => SWOOLE_LOG_NONE]);
        Swoole\Coroutine\run(static function (): void {
            $folder = getenv('FOLDER');
            $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'), (bool) getenv('TLS'));
            $server->set([
                'ssl_cert_file' => "$folder/localhost.crt",
                'ssl_key_file' => "$folder/localhost.key",
                'open_http2_protocol' => true,
            ]);
            $server->handle('/', static function ($request, $response): void {
                if ($request->server['request_uri'] === '/slow') {
                    Swoole\Coroutine::sleep(0.01);
                }
                $response->header('content-type', 'text/plain');
                $response->end(json_encode([
                    'stream' => $request->streamId % 2,
                    'protocol' => $request->server['server_protocol'],
                    'method' => $request->server['request_method'],
                    'uri' => $request->server['request_uri'],
                    'get' => $request->get,
                    'cookie' => $request->cookie,
                    'host' => strlen($request->header['host']) > 10,
                    'body' => strlen((string) $request->rawContent()),
                ], JSON_UNESCAPED_SLASHES));
            });
            $server->start();
        });
        PHP, [], ['FOLDER' => $folder, 'TLS' => $tls ? '1' : '']);
    $url = ($tls ? 'https' : 'http') . "://localhost:$server->port";
    $version = [CURLOPT_HTTP_VERSION => $tls ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE];
    foreach (['/a?b=c' => [], '/slow' => [CURLOPT_COOKIE => 'x=1; y=2'], '/post' => [CURLOPT_POSTFIELDS => str_repeat('x', 200_000)]] as $path => $options) {
        $answer = fetch("$url$path", $version + $options);
        echo $answer['version'], ' ', $answer['code'], ' ', $answer['body'], "\n";
    }
    $answer = fetch("$url/head", $version + [CURLOPT_NOBODY => true]);
    echo $answer['version'], ' ', $answer['code'], ' ', $answer['body'], "\n";
    echo fetch("$url/old", [CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_1_1])['version'], "\n";
    echo $server->stop();
}

--EXPECT--
2 200 {"stream":1,"protocol":"HTTP/2","method":"GET","uri":"/a","get":{"b":"c"},"cookie":null,"host":true,"body":0}
2 200 {"stream":1,"protocol":"HTTP/2","method":"GET","uri":"/slow","get":null,"cookie":{"x":"1","y":"2"},"host":true,"body":0}
2 200 {"stream":1,"protocol":"HTTP/2","method":"POST","uri":"/post","get":null,"cookie":null,"host":true,"body":200000}
2 200 
1.1
2 200 {"stream":1,"protocol":"HTTP/2","method":"GET","uri":"/a","get":{"b":"c"},"cookie":null,"host":true,"body":0}
2 200 {"stream":1,"protocol":"HTTP/2","method":"GET","uri":"/slow","get":null,"cookie":{"x":"1","y":"2"},"host":true,"body":0}
2 200 {"stream":1,"protocol":"HTTP/2","method":"POST","uri":"/post","get":null,"cookie":null,"host":true,"body":200000}
2 200 
1.1
