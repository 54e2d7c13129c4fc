--TEST--
With ssl_client_cert_file clients are asked for certificates, with ssl_verify_peer they need a trusted one
--EXTENSIONS--
curl
openssl
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/certificates.php';

$folder = certificates();
foreach ([true, false] as $verify) {
    $server = ServerProcess::start(<<<'PHP'
        Swoole\Coroutine::set(['log_level' => SWOOLE_LOG_NONE]);
        Swoole\Coroutine\run(static function (): void {
            $folder = getenv('FOLDER');
            $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'), true);
            $server->set([
                'ssl_cert_file' => "$folder/localhost.crt",
                'ssl_key_file' => "$folder/localhost.key",
                'ssl_client_cert_file' => "$folder/ca.crt",
                'ssl_verify_peer' => (bool) getenv('VERIFY'),
            ]);
            $server->handle('/', static fn ($request, $response) => $response->end('welcome'));
            $server->start();
        });
        PHP, [], ['FOLDER' => $folder, 'VERIFY' => $verify ? '1' : '']);
    foreach (['client', 'self', null] as $name) {
        $options = $name === null ? [] : [CURLOPT_SSLCERT => "$folder/$name.crt", CURLOPT_SSLKEY => "$folder/$name.key"];
        $answer = fetch("https://localhost:$server->port/", $options);
        echo $verify ? 'verified' : 'not verified', ', ', $name ?? 'none', ': ', $answer['error'] ? 'refused' : $answer['body'], "\n";
    }
    $server->stop();
}
--EXPECT--
verified, client: welcome
verified, self: refused
verified, none: refused
not verified, client: welcome
not verified, self: welcome
not verified, none: welcome
