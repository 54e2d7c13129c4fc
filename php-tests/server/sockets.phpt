--TEST--
Server: getSocket(), options of listening sockets, and a socket for each worker
--SKIPIF--
<?php extension_loaded('sockets') || die('skip sockets is not there'); ?>
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

show_php(<<<'PHP'
    $server = new Swoole\Server('127.0.0.1', 0, SWOOLE_PROCESS);
    $other = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
    foreach ([$server->getSocket(), $server->getSocket($server->port), $server->getSocket($other->port), $other->getSocket()] as $socket) {
        socket_getsockname($socket, $host, $port);
        echo get_class($socket), ' ', $port === $server->port ? 'first' : ($port === $other->port ? 'second' : $port), "\n";
    }
    var_dump(@$server->getSocket(1));
    $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_ERROR, 'tcp_defer_accept' => 5, 'tcp_fastopen' => true, 'tcp_user_timeout' => 1234]);
    $server->on('receive', fn () => null);
    $server->on('start', function ($server) {
        $socket = $server->getSocket();
        // TCP_DEFER_ACCEPT, TCP_FASTOPEN, TCP_USER_TIMEOUT
        foreach ([9, 23, 18] as $option) {
            echo socket_get_option($socket, SOL_TCP, $option) > 0 ? 'set' : 'not set', ' ';
        }
        echo "\n";
        $server->shutdown();
    });
    $server->start();
    PHP);

$script = <<<'PHP'
    <?php
    $server = new Swoole\Server('127.0.0.1', (int) $argv[1], SWOOLE_BASE);
    $server->set(['worker_num' => 3, 'enable_reuse_port' => true, 'log_level' => SWOOLE_LOG_ERROR]);
    $server->on('receive', fn ($server, $fd, $reactor, $data) => $server->send($fd, "$server->worker_id\n"));
    $server->on('workerStart', fn ($server, $id) => print "worker $id\n");
    $server->start();
    PHP;
$server = ServerProcess::start($script);
foreach ([0, 1, 2] as $id) {
    $server->waitForOutput("worker $id\n");
}
$workers = [];
// The kernel chooses by the client's port: with this many each worker has some, but for one in 10 ** 17 times.
foreach (range(1, 100) as $number) {
    $socket = connect_to($server->port, 20);
    fwrite($socket, 'who');
    $workers[(int) fgets($socket)] = true;
    fclose($socket);
}
ksort($workers);
echo json_encode(array_keys($workers)), "\n";
?>
--EXPECT--
Socket first
Socket first
Socket second
Socket second
bool(false)
set set set 
exit code 0
[0,1,2]
