--TEST--
Http\Client with ssl_verify_peer: a certificate that is signed by itself, where that is allowed, need not name the host; SSL verify failed otherwise
--EXTENSIONS--
openssl
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/certificates.php';

$folder = certificates();
$start = static fn (string $name): ServerProcess => ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'), true);
        $server->set(['ssl_cert_file' => getenv('CERTIFICATE') . '.crt', 'ssl_key_file' => getenv('CERTIFICATE') . '.key', 'log_file' => '/dev/null']);
        $server->handle('/', static fn ($request, $response) => $response->end('hello'));
        $server->start();
    });
    PHP, [], ['CERTIFICATE' => "$folder/$name"]);
Swoole\Coroutine::set(['log_level' => SWOOLE_LOG_ERROR]);
foreach (['self', 'localhost'] as $name) {
    $server = $start($name);
    Swoole\Coroutine\run(static function () use ($folder, $server, $name): void {
        $ask = static function (array $settings) use ($server): void {
            $client = new Swoole\Coroutine\Http\Client('127.0.0.1', $server->port, true);
            $client->set($settings + ['ssl_verify_peer' => true, 'timeout' => 20]);
            $client->get('/');
            echo "  $client->statusCode $client->errCode $client->errMsg\n";
        };
        echo "$name\n";
        $ask(['ssl_allow_self_signed' => true]);
        $ask(['ssl_allow_self_signed' => true, 'ssl_host_name' => 'localhost']);
        $ask([]);
        $ask(['ssl_cafile' => "$folder/ca.crt"]);
        $ask(['ssl_cafile' => "$folder/ca.crt", 'ssl_host_name' => 'localhost']);
    });
    $server->stop();
}
?>
--EXPECT--
self
  200 0 
  -1 1014 SSL verify failed
  -1 1014 SSL verify failed
  -1 1014 SSL verify failed
  -1 1014 SSL verify failed
localhost
  -1 1014 SSL verify failed
  -1 1014 SSL verify failed
  -1 1014 SSL verify failed
  -1 1014 SSL verify failed
  200 0 
