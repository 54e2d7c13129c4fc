--TEST--
A server with $ssl answers requests over TLS, several on a connection, and logs who speaks something else
--EXTENSIONS--
curl
openssl
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/certificates.php';

$folder = certificates();
$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $folder = getenv('FOLDER');
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'), true);
        var_dump($server->settings);
        $server->set(['ssl_cert_file' => "$folder/localhost.crt", 'ssl_key_file' => "$folder/localhost.key"]);
        $server->handle('/', static function ($request, $response): void {
            $response->end($request->getMethod() . ' ' . $request->server['request_uri'] . ' ' . strlen((string) $request->rawContent()));
        });
        $server->start();
    });
    PHP, [], ['FOLDER' => $folder]);
$url = "https://localhost:$server->port";
$trusting = [CURLOPT_SSL_VERIFYPEER => true, CURLOPT_SSL_VERIFYHOST => 2, CURLOPT_CAINFO => "$folder/ca.crt"];
var_dump(fetch("$url/a", $trusting)['body']);
var_dump(fetch("$url/b", [CURLOPT_POSTFIELDS => str_repeat('x', 300_000), CURLOPT_HTTPHEADER => ['Expect:']])['body']);

$context = stream_context_create(['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]]);
$socket = stream_socket_client("tls://127.0.0.1:$server->port", $errno, $error, 5, STREAM_CLIENT_CONNECT, $context);
for ($i = 0; $i < 3; $i++) {
    fwrite($socket, request_bytes("/$i"));
    echo read_response($socket)['body'], "\n";
}
fclose($socket);
raw_request($server->port, request_bytes('/plain'));
var_dump(fetch("$url/after")['body']);
echo preg_replace(['~\[20[-\d: %.]+\]~', '~127.0.0.1:\d+~'], ['[...]', 'CLIENT'], $server->stop());
--EXPECT--
string(8) "GET /a 0"
string(14) "POST /b 300000"
GET /0 0
GET /1 0
GET /2 0
string(12) "GET /after 0"
array(1) {
  ["open_ssl"]=>
  bool(true)
}
[...]	WARNING	Socket::ssl_accept(): bad SSL client[CLIENT], reason=294, error_string=unexpected eof while reading
[...]	WARNING	Socket::ssl_accept(): bad SSL client[CLIENT], reason=267, error_string=wrong version number
