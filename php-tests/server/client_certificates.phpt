--TEST--
Server: getClientInfo() has the certificate that a client has shown, for bytes and HTTP, in both modes
--EXTENSIONS--
openssl
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/certificates.php';

$script = <<<'PHP'
    <?php
    [, $port, $mode, $folder] = $argv;
    $server = new Swoole\Http\Server('127.0.0.1', (int) $port, $mode === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS, SWOOLE_SOCK_TCP | SWOOLE_SSL);
    $settings = ['ssl_cert_file' => "$folder/localhost.crt", 'ssl_key_file' => "$folder/localhost.key", 'ssl_client_cert_file' => "$folder/ca.crt"];
    $server->set($settings + ['worker_num' => 1, 'log_file' => '/dev/null']);
    $bytes = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP | SWOOLE_SSL);
    $bytes->set($settings + ['open_http_protocol' => false]);
    $seen = [];
    $bytes->on('connect', function ($server, $fd) use (&$seen) {
        $seen[$fd] = $server->getClientInfo($fd)['ssl_client_cert'] ?? 'none';
    });
    $bytes->on('receive', function ($server, $fd) use (&$seen) {
        $shown = $server->getClientInfo($fd)['ssl_client_cert'] ?? 'none';
        $server->send($fd, json_encode([$shown, $shown === $seen[$fd]]) . "\n");
    });
    $server->on('request', function ($request, $response) use ($server) {
        $response->end(json_encode([$server->getClientInfo($request->fd)['ssl_client_cert'] ?? 'none', true]) . "\n");
    });
    $server->on('start', fn () => print("port {$bytes->port}\n"));
    $server->start();
    PHP;

$folder = certificates();
foreach (['base', 'process'] as $mode) {
    $output = tempnam(sys_get_temp_dir(), 'steelwool');
    $port = free_port();
    $command = [...php_command(), script_file($script), (string) $port, $mode, $folder];
    $process = proc_open($command, [['file', '/dev/null', 'r'], ['file', $output, 'w'], ['redirect', 1]], $pipes);
    wait_for_port($port);
    $until = microtime(true) + 20;
    while (!preg_match('/port (\d+)/', file_get_contents($output), $match) && microtime(true) < $until) {
        usleep(2000);
    }
    foreach (['client', 'none'] as $who) {
        $options = ['verify_peer' => false, 'verify_peer_name' => false];
        $options += $who === 'none' ? [] : ['local_cert' => "$folder/client.crt", 'local_pk' => "$folder/client.key"];
        foreach (['bytes' => (int) $match[1], 'http' => $port] as $kind => $to) {
            $context = stream_context_create(['ssl' => $options]);
            $client = stream_socket_client("tls://127.0.0.1:$to", $errno, $error, 10, STREAM_CLIENT_CONNECT, $context);
            stream_set_timeout($client, 10);
            foreach ([1, 2] as $round) {
                fwrite($client, $kind === 'http' ? "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" : 'x');
                while ($kind === 'http' && rtrim((string) fgets($client)) !== '');
                [$shown, $same] = json_decode(fgets($client));
                $own = $who === 'none' ? 'none' : file_get_contents("$folder/client.crt");
                $right = $who === 'none' ? $shown === 'none' : openssl_x509_fingerprint($shown) === openssl_x509_fingerprint($own);
                echo "$mode, $kind, $who, $round: ", $right && $same ? 'right' : var_export($shown, true), "\n";
            }
        }
    }
    proc_terminate($process);
    while (proc_get_status($process)['running'] && microtime(true) < $until) {
        usleep(2000);
    }
    proc_terminate($process, SIGKILL);
    unlink($output);
}
?>
--EXPECT--
base, bytes, client, 1: right
base, bytes, client, 2: right
base, http, client, 1: right
base, http, client, 2: right
base, bytes, none, 1: right
base, bytes, none, 2: right
base, http, none, 1: right
base, http, none, 2: right
process, bytes, client, 1: right
process, bytes, client, 2: right
process, http, client, 1: right
process, http, client, 2: right
process, bytes, none, 1: right
process, bytes, none, 2: right
process, http, none, 1: right
process, http, none, 2: right
