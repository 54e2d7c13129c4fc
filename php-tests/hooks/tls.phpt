--TEST--
TLS streams wait together, as clients and as servers; a server that stalls in the handshake costs its client's time-out only
--EXTENSIONS--
openssl
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

$key = openssl_pkey_new(['private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'prime256v1']);
$request = openssl_csr_new(['commonName' => 'localhost'], $key, ['digest_alg' => 'sha256']);
openssl_x509_export(openssl_csr_sign($request, null, $key, 2, ['digest_alg' => 'sha256']), $certificate);
openssl_pkey_export($key, $private);
$file = tempnam(sys_get_temp_dir(), 'steelwool');
file_put_contents($file, $certificate . $private);
$server_context = stream_context_create(['ssl' => ['local_cert' => $file], 'socket' => ['backlog' => 200]]);
$client_context = stream_context_create(['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]]);

$took = seconds_of(1, static function () use ($server_context, $client_context): void {
    $listener = stream_socket_server('tcp://127.0.0.1:0', $errno, $error, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $server_context);
    $address = stream_socket_get_name($listener, false);
    go(static function () use ($listener): void {
        for ($i = 0; $i < 50; $i++) {
            $connection = stream_socket_accept($listener, 10);
            go(static function () use ($connection): void {
                expect(stream_socket_enable_crypto($connection, true, STREAM_CRYPTO_METHOD_TLS_SERVER), 'handshake');
                $line = fgets($connection);
                usleep(200_000);
                fwrite($connection, $line . str_repeat('x', 200_000));
            });
        }
    });
    for ($i = 0; $i < 50; $i++) {
        go(static function () use ($address, $client_context, $i): void {
            $stream = stream_socket_client("ssl://$address", $errno, $error, 10, STREAM_CLIENT_CONNECT, $client_context);
            expect($stream !== false, 'connect');
            fwrite($stream, "line $i\n");
            expect(fgets($stream) === "line $i\n", 'fgets');
            expect(strlen(stream_get_contents($stream)) === 200_000, 'stream_get_contents');
        });
    }
});
echo $took < 8 ? "together\n" : "$took s\n";
$silent = stream_socket_server('tcp://127.0.0.1:0');
$took = seconds_of(1, static function () use ($client_context, $silent): void {
    $address = stream_socket_get_name($silent, false);
    for ($i = 0; $i < 10; $i++) {
        go(static function () use ($address, $client_context): void {
            var_dump(@stream_socket_client("ssl://$address", $errno, $error, 0.3, STREAM_CLIENT_CONNECT, $client_context));
        });
    }
});
echo $took >= 0.3 && $took < 2.7 ? "stalled\n" : "$took s\n";
unlink($file);
--EXPECT--
together
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
stalled
