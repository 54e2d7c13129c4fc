--TEST--
Server: ssl_verify_peer with ssl_cafile alone asks nobody for a certificate, as in Swoole, and the log says so
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/tls_files.php';

$server = ServerProcess::start(<<<'PHP'
    $server = new Swoole\Http\Server('127.0.0.1', (int) $argv[1], SWOOLE_BASE, SWOOLE_SOCK_TCP | SWOOLE_SSL);
    $folder = getenv('FOLDER');
    $server->set(['ssl_cert_file' => "$folder/cert.pem", 'ssl_key_file' => "$folder/key.pem", 'ssl_verify_peer' => true, 'ssl_cafile' => "$folder/cert.pem"]);
    $server->on('request', fn ($request, $response) => $response->end('welcome'));
    $server->start();
    PHP, env: ['FOLDER' => tls_files()]);
$context = stream_context_create(['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]]);
echo file_get_contents("https://127.0.0.1:$server->port/", context: $context), "\n";
$output = $server->output();
echo preg_match('/ssl_verify_peer asks .*/', $output, $found) ? $found[0] : $output, "\n";
$server->stop();
?>
--EXPECT--
welcome
ssl_verify_peer asks nobody for a certificate without ssl_client_cert_file
