--TEST--
Server: a client that speaks TLS is told that it has got everything, by close() and at the end of the server, and not by a reset
--EXTENSIONS--
openssl
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/tls_files.php';

$folder = tls_files();
foreach (['SWOOLE_BASE', 'SWOOLE_PROCESS'] as $mode) {
    foreach (['close', 'end', 'reset'] as $how) {
        $server = ServerProcess::start(<<<'PHP'
            $server = new Swoole\Server('127.0.0.1', (int) getenv('PORT'), constant(getenv('MODE')), SWOOLE_SOCK_TCP | SWOOLE_SSL);
            $folder = getenv('FOLDER');
            $server->set(['worker_num' => 1, 'log_file' => '/dev/null', 'ssl_cert_file' => "$folder/cert.pem", 'ssl_key_file' => "$folder/key.pem",
                'socket_buffer_size' => 8 << 20, 'output_buffer_size' => 8 << 20, 'kernel_socket_send_buffer_size' => 1 << 16]);
            $server->on('receive', function ($server, $fd) {
                $server->send($fd, str_repeat('x', getenv('HOW') === 'reset' ? 4 << 20 : 4));
                match (getenv('HOW')) {
                    'close' => $server->close($fd),
                    'end' => $server->shutdown(),
                    'reset' => $server->close($fd, true),
                };
            });
            $server->start();
            PHP, env: ['MODE' => $mode, 'FOLDER' => $folder, 'HOW' => $how]);
        $command = ['openssl', 's_client', '-quiet', '-connect', "127.0.0.1:$server->port"];
        $client = proc_open($command, [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'w']], $pipes);
        fwrite($pipes[0], "go\n");
        $got = stream_get_contents($pipes[1]);
        $said = stream_get_contents($pipes[2]);
        $cut = str_contains($said, 'unexpected eof') || str_contains($said, 'errno=104');
        echo "$mode, $how: ", $got === 'xxxx' ? 'all' : 'a part', ', ', $cut ? 'cut off' : 'told', "\n";
        proc_close($client);
        $server->kill();
    }
}
?>
--EXPECT--
SWOOLE_BASE, close: all, told
SWOOLE_BASE, end: all, told
SWOOLE_BASE, reset: a part, cut off
SWOOLE_PROCESS, close: all, told
SWOOLE_PROCESS, end: all, told
SWOOLE_PROCESS, reset: a part, cut off
