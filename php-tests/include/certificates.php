<?php

declare(strict_types=1);

/**
 * A folder with certificates made on the spot: `ca`, and signed by it `localhost`, `second.example`, `client`; `self` is signed by
 * itself. Each is NAME.crt and NAME.key. It is removed when this process ends.
 */
function certificates(): string
{
    $folder = sys_get_temp_dir() . '/steelwool-certificates-' . getmypid();
    mkdir($folder);
    $owner = getmypid();
    register_shutdown_function(static function () use ($folder, $owner): void {
        if (getmypid() === $owner) {
            array_map('unlink', glob("$folder/*"));
            rmdir($folder);
        }
    });
    $config = "$folder/openssl.cnf";
    $sections = '';
    foreach (['localhost', 'second.example', 'client'] as $name) {
        $sections .= "[$name]\nbasicConstraints=CA:FALSE\nsubjectAltName=DNS:$name\n";
    }
    file_put_contents($config, "[req]\ndefault_bits=2048\ndistinguished_name=dn\n[dn]\n[ca]\nbasicConstraints=critical,CA:TRUE\n$sections");
    $options = static fn (string $name): array => [
        'config' => $config,
        'digest_alg' => 'sha256',
        'x509_extensions' => $name,
    ];
    $issuer = $issuerKey = null;
    foreach (['ca', 'localhost', 'second.example', 'client', 'self'] as $serial => $name) {
        $key = openssl_pkey_new(['private_key_bits' => 2048, 'private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'prime256v1', 'config' => $config]);
        $own = $name === 'ca' || $name === 'self';
        $request = openssl_csr_new(['commonName' => $name], $key, $options($own ? 'ca' : $name));
        $certificate = openssl_csr_sign(
            $request,
            $own ? null : $issuer,
            $own ? $key : $issuerKey,
            10,
            $options($own ? 'ca' : $name),
            $serial + 1,
        );
        openssl_x509_export_to_file($certificate, "$folder/$name.crt");
        openssl_pkey_export_to_file($key, "$folder/$name.key", null, ['config' => $config]);
        if ($name === 'ca') {
            [$issuer, $issuerKey] = [$certificate, $key];
        }
    }
    return $folder;
}

/**
 * One request by curl, in a process without the extension.
 *
 * @return array{body: string, version: string, code: int, error: int} `version` is curl's number
 */
function fetch(string $url, array $options = []): array
{
    $curl = curl_init($url);
    curl_setopt_array($curl, $options + [
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_SSL_VERIFYPEER => false,
        CURLOPT_SSL_VERIFYHOST => 0,
        CURLOPT_TIMEOUT => 10,
    ]);
    $body = curl_exec($curl);
    $version = [CURL_HTTP_VERSION_1_0 => '1.0', CURL_HTTP_VERSION_1_1 => '1.1', CURL_HTTP_VERSION_2_0 => '2'];
    return [
        'body' => (string) $body,
        'version' => $version[curl_getinfo($curl, CURLINFO_HTTP_VERSION)] ?? '',
        'code' => curl_getinfo($curl, CURLINFO_RESPONSE_CODE),
        'error' => curl_errno($curl),
    ];
}

/** The name of the certificate that a server shows, and whether a request on the same connection is answered. */
function shown_certificate(int $port, string $name): string
{
    $context = stream_context_create(['ssl' => [
        'verify_peer' => false,
        'verify_peer_name' => false,
        'peer_name' => $name,
        'capture_peer_cert' => true,
    ]]);
    $socket = stream_socket_client("tls://127.0.0.1:$port", $errno, $error, 5, STREAM_CLIENT_CONNECT, $context);
    $certificate = stream_context_get_params($socket)['options']['ssl']['peer_certificate'];
    return openssl_x509_parse($certificate)['subject']['CN'];
}
