--TEST--
A server whose certificate cannot be used does not start and says why
--EXTENSIONS--
openssl
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/certificates.php';

$folder = certificates();
foreach ([
    [],
    ['ssl_cert_file' => '/missing.crt', 'ssl_key_file' => "$folder/self.key"],
    ['ssl_cert_file' => "$folder/self.crt", 'ssl_key_file' => '/missing.key'],
    ['ssl_cert_file' => "$folder/self.crt", 'ssl_key_file' => "$folder/ca.key"],
    ['ssl_cert_file' => "$folder/self.crt", 'ssl_key_file' => "$folder/self.key", 'ssl_ciphers' => 'NULL-MD5'],
    ['ssl_cert_file' => "$folder/self.crt", 'ssl_key_file' => "$folder/self.key", 'ssl_protocols' => SWOOLE_SSL_TLSv1],
    ['ssl_cert_file' => "$folder/self.crt", 'ssl_key_file' => "$folder/self.key", 'ssl_sni_certs' => ['self']],
] as $settings) {
    Swoole\Coroutine\run(static function () use ($settings): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', 0, true);
        if ($settings !== []) {
            $server->set($settings);
        }
        $started = @$server->start();
        echo var_export($started, true), ' ', $server->errCode, ' ', $server->errMsg, "\n";
    });
}
var_dump(SWOOLE_ERROR_SSL_CREATE_CONTEXT_FAILED);
--EXPECT--
false 1019 require `ssl_cert_file` and `ssl_key_file` options
false 1019 ssl cert file[/missing.crt] not found
false 1019 ssl key file[/missing.key] not found
false 1019 SSL_CTX_check_private_key() failed, Error: key values mismatch
false 1019 SSL_CTX_set_cipher_list("NULL-MD5") failed, Error: no cipher match
false 1019 no protocols available: TLS 1.2 and TLS 1.3 are the versions that there are
false 1019 ssl_sni_certs array requires string host name keys
int(1019)
