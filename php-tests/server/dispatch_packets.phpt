--TEST--
Server: dispatch_func gets the address of a datagram's sender as it lies in memory
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    $server = new Swoole\Server('127.0.0.1', (int) $argv[1], SWOOLE_PROCESS);
    $server->set(['worker_num' => 4, 'dispatch_func' => function ($server, $fd, $type, $data) {
        return $type === 1 ? $fd % 4 : 0;
    }, 'log_level' => SWOOLE_LOG_ERROR]);
    $packets = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_UDP);
    $packets->on('packet', function ($server, $data, $client) {
        $server->sendto($client['address'], $client['port'], "worker $server->worker_id");
    });
    $server->on('receive', fn ($server, $fd) => $server->send($fd, "{$server->ports[1]->port}\n"));
    $server->start();
    PHP;
$server = ServerProcess::start($script);
$control = connect_to($server->port, 30);
fwrite($control, "port\n");
$port = (int) fgets($control);
$right = 0;
for ($i = 0; $i < 5; $i++) {
    $socket = stream_socket_client("udp://127.0.0.1:$port");
    stream_set_timeout($socket, 30);
    fwrite($socket, 'hello');
    $expected = unpack('l', inet_pton('127.0.0.1'))[1] % 4;
    $right += fread($socket, 100) === "worker $expected" ? 1 : 0;
}
var_dump($right);
?>
--EXPECT--
int(5)
