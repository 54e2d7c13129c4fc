--TEST--
Server: a file over TLS arrives whole, however slowly the client reads and whatever room the sockets have
--SKIPIF--
<?php extension_loaded('sockets') && extension_loaded('openssl') || die('skip sockets and openssl are not there'); ?>
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/certificates.php';

$folder = certificates();
file_put_contents($file = tempnam(sys_get_temp_dir(), 'steelwool'), random_bytes(218_787));
$script = <<<'PHP'
    <?php
    $server = new Swoole\Server('127.0.0.1', (int) $argv[1], MODE, SWOOLE_SOCK_TCP | SWOOLE_SSL);
    $server->set([
        'worker_num' => 1, 'log_level' => SWOOLE_LOG_ERROR, 'kernel_socket_send_buffer_size' => 65536,
        'ssl_cert_file' => 'FOLDER/localhost.crt', 'ssl_key_file' => 'FOLDER/localhost.key',
    ]);
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        $server->sendfile($fd, 'FILE');
        if ($data === 'close') {
            $server->close($fd);
        }
    });
    $server->start();
    PHP;
foreach ([SWOOLE_BASE, SWOOLE_PROCESS] as $mode) {
    $server = ServerProcess::start(strtr($script, ['MODE' => (string) $mode, 'FOLDER' => $folder, 'FILE' => $file]));
    wait_for_port($server->port);
    foreach (['stay', 'stay', 'close', 'stay', 'close'] as $what) {
        $client = new Swoole\Client(SWOOLE_SOCK_TCP | SWOOLE_SSL);
        $client->connect('127.0.0.1', $server->port, 20) || exit("no connection\n");
        socket_set_option($client->getSocket(), SOL_SOCKET, SO_RCVBUF, 65536);
        $client->send($what);
        for ($got = ''; strlen($got) < filesize($file); $got .= $part) {
            $part = $client->recv(random_int(8192, 65536));
            if ($part === '' || $part === false) {
                break;
            }
            usleep(10_000);
        }
        echo $what, ' ', $got === file_get_contents($file) ? 'whole' : strlen($got), "\n";
        $client->close();
    }
    $server->stop();
}
unlink($file);
?>
--EXPECT--
stay whole
stay whole
close whole
stay whole
close whole
stay whole
stay whole
close whole
stay whole
close whole
