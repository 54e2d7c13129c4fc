--TEST--
set() exchanges the certificates of a running server: open connections go on, new ones see the new certificates
--EXTENSIONS--
openssl
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/certificates.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $folder = getenv('FOLDER');
        $files = static fn (string $name): array => ['ssl_cert_file' => "$folder/$name.crt", 'ssl_key_file' => "$folder/$name.key"];
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'), true);
        $server->set($files('localhost') + ['ssl_sni_certs' => ['*.example' => $files('second.example')]]);
        $server->handle('/', static function ($request, $response) use ($server, $files): void {
            $name = substr($request->server['request_uri'], 1);
            $set = $name === '' || @$server->set($files($name));
            $response->end($set ? 'yes' : 'no');
        });
        $server->start();
    });
    PHP, [], ['FOLDER' => certificates()]);
$context = stream_context_create(['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]]);
$open = stream_socket_client("tls://127.0.0.1:$server->port", $errno, $error, 5, STREAM_CLIENT_CONNECT, $context);
$ask = static function (string $path) use ($open): void {
    fwrite($open, request_bytes($path));
    echo $path, ' ', read_response($open)['body'], "\n";
};
$show = static function (string $host) use ($server): void {
    echo $host, ' sees ', shown_certificate($server->port, $host), "\n";
};
$ask('/');
$show('localhost');
$show('a.example');
$show('a.b.example');
$ask('/self');
$show('localhost');
$show('a.example');
$ask('/missing');
$show('localhost');
$ask('/localhost');
$show('localhost');
--EXPECT--
/ yes
localhost sees localhost
a.example sees second.example
a.b.example sees localhost
/self yes
localhost sees self
a.example sees second.example
/missing no
localhost sees self
/localhost yes
localhost sees localhost
