<?php

declare(strict_types=1);

/** A folder with `key.pem` and a certificate `cert.pem` for `example.test` that is signed by itself; removed at the end. */
function tls_files(): string
{
    $folder = tempnam(sys_get_temp_dir(), 'steelwool');
    unlink($folder);
    mkdir($folder);
    $settings = "$folder/openssl.cnf";
    file_put_contents($settings, "[req]\ndistinguished_name=dn\n[dn]\n[san]\nsubjectAltName=DNS:example.test\nbasicConstraints=CA:TRUE\n");
    $options = ['config' => $settings, 'private_key_bits' => 2048, 'digest_alg' => 'sha256', 'x509_extensions' => 'san'];
    $key = openssl_pkey_new($options);
    $request = openssl_csr_new(['commonName' => 'example.test'], $key, $options);
    openssl_x509_export_to_file(openssl_csr_sign($request, null, $key, 10, $options, 1), "$folder/cert.pem");
    openssl_pkey_export_to_file($key, "$folder/key.pem", null, $options);
    $owner = getmypid();
    register_shutdown_function(static function () use ($folder, $owner): void {
        if (getmypid() === $owner) {
            array_map(unlink(...), glob("$folder/*"));
            rmdir($folder);
        }
    });
    return $folder;
}
