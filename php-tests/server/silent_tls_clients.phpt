--TEST--
A client that begins no TLS is sent away with the silent ones, where there is a limit for those
--EXTENSIONS--
openssl
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/certificates.php';

$folder = certificates();
$server = ServerProcess::start(<<<'PHP'
    $tls = ['ssl_cert_file' => getenv('FOLDER') . '/localhost.crt', 'ssl_key_file' => getenv('FOLDER') . '/localhost.key'];
    $server = new Swoole\Server('127.0.0.1', (int) getenv('PORT'), SWOOLE_BASE, SWOOLE_SOCK_TCP | SWOOLE_SSL);
    $server->set($tls + ['worker_num' => 1, 'log_level' => SWOOLE_LOG_NONE]);
    $limited = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP | SWOOLE_SSL);
    $limited->set($tls + ['heartbeat_idle_time' => 1]);
    $server->on('receive', fn ($server, $fd) => $server->send($fd, (string) $limited->port));
    $server->start();
    PHP, [], ['FOLDER' => $folder]);
$context = stream_context_create(['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]]);
$asks = stream_socket_client("ssl://127.0.0.1:$server->port", context: $context);
fwrite($asks, '?');
$limited = (int) fread($asks, 10);
$clients = ['no limit' => stream_socket_client("tcp://127.0.0.1:$server->port"), 'a limit' => stream_socket_client("tcp://127.0.0.1:$limited")];
$none = null;
stream_select($clients, $none, $none, 60);
var_dump(array_map(fread(...), $clients, [10]), array_keys($clients));
$server->stop();
?>
--EXPECT--
array(1) {
  [0]=>
  string(0) ""
}
array(1) {
  [0]=>
  string(7) "a limit"
}
