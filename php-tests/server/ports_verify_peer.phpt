--TEST--
Server: ssl_verify_peer without certificates of authorities does not start; who killed the manager is told
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/tls_files.php';

['out' => $output] = run_php(<<<'PHP'
    $server = new Swoole\Server('127.0.0.1', 0, SWOOLE_BASE, SWOOLE_SOCK_TCP | SWOOLE_SSL);
    $server->set(['ssl_cert_file' => getenv('FOLDER') . '/cert.pem', 'ssl_key_file' => getenv('FOLDER') . '/key.pem', 'ssl_verify_peer' => true]);
    $server->on('receive', fn () => null);
    $server->on('workerStart', function ($server) {
        echo "started\n";
        $server->shutdown();
    });
    $server->start();
    PHP, env: ['FOLDER' => tls_files()]);
echo preg_match('/Fatal error: (.*) in /', $output, $found) ? $found[1] : $output, "\n";
['out' => $output] = run_php(<<<'PHP'
    $server = new Swoole\Server('127.0.0.1', 0, SWOOLE_PROCESS);
    $server->on('receive', fn () => null);
    $server->on('managerStart', fn () => posix_kill(getmypid(), SIGKILL));
    $server->start();
    PHP);
echo preg_match('/Fatal Error: .*/', $output, $found) ? $found[0] : $output, "\n";
?>
--EXPECT--
Swoole\Server::start(): server open verify peer require `ssl_client_cert_file` or `ssl_capath` or `ssl_cafile` config
Fatal Error: manager process exit. status=0, signal=[Killed: 9]
