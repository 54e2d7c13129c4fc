--TEST--
With ssl_client_cert_file clients are asked for certificates, with ssl_verify_peer they need a trusted one, also by ssl_cafile or ssl_capath alone
--EXTENSIONS--
curl
openssl
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/certificates.php';

$folder = certificates();
mkdir("$folder/authorities");
copy("$folder/ca.crt", "$folder/authorities/" . trim(shell_exec('openssl x509 -subject_hash -noout -in ' . escapeshellarg("$folder/ca.crt"))) . '.0');
foreach ([[true, 'ssl_client_cert_file'], [false, 'ssl_client_cert_file'], [true, 'ssl_cafile'], [false, 'ssl_cafile'], [true, 'ssl_capath'], [false, 'ssl_capath']] as [$verify, $setting]) {
    $server = ServerProcess::start(<<<'PHP'
        Swoole\Coroutine::set(['log_level' => SWOOLE_LOG_NONE]);
        Swoole\Coroutine\run(static function (): void {
            $folder = getenv('FOLDER');
            $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'), true);
            $server->set([
                'ssl_cert_file' => "$folder/localhost.crt",
                'ssl_key_file' => "$folder/localhost.key",
                getenv('SETTING') => $folder . (getenv('SETTING') === 'ssl_capath' ? '/authorities' : '/ca.crt'),
                'ssl_verify_peer' => (bool) getenv('VERIFY'),
            ]);
            $server->handle('/', static fn ($request, $response) => $response->end('welcome'));
            $server->start();
        });
        PHP, [], ['FOLDER' => $folder, 'VERIFY' => $verify ? '1' : '', 'SETTING' => $setting]);
    foreach (['client', 'self', null] as $name) {
        $options = $name === null ? [] : [CURLOPT_SSLCERT => "$folder/$name.crt", CURLOPT_SSLKEY => "$folder/$name.key"];
        $answer = fetch("https://localhost:$server->port/", $options);
        echo $setting, ', ', $verify ? 'verified' : 'not verified', ', ', $name ?? 'none', ': ', $answer['error'] ? 'refused' : $answer['body'], "\n";
    }
    $server->stop();
}
array_map(unlink(...), glob("$folder/authorities/*"));
rmdir("$folder/authorities");
--EXPECT--
ssl_client_cert_file, verified, client: welcome
ssl_client_cert_file, verified, self: refused
ssl_client_cert_file, verified, none: refused
ssl_client_cert_file, not verified, client: welcome
ssl_client_cert_file, not verified, self: welcome
ssl_client_cert_file, not verified, none: welcome
ssl_cafile, verified, client: welcome
ssl_cafile, verified, self: refused
ssl_cafile, verified, none: refused
ssl_cafile, not verified, client: welcome
ssl_cafile, not verified, self: welcome
ssl_cafile, not verified, none: welcome
ssl_capath, verified, client: welcome
ssl_capath, verified, self: refused
ssl_capath, verified, none: refused
ssl_capath, not verified, client: welcome
ssl_capath, not verified, self: welcome
ssl_capath, not verified, none: welcome
