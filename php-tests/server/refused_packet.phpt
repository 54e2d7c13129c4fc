--TEST--
A client whose packet is longer than package_max_length sees its connection reset; the close event comes, and others are served
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

foreach ([SWOOLE_BASE, SWOOLE_PROCESS] as $mode) {
    $server = ServerProcess::start(<<<'PHP'
        $server = new Swoole\Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'));
        $server->set([
            'worker_num' => 1, 'log_file' => '/dev/null', 'package_max_length' => 1000,
            'open_length_check' => true, 'package_length_type' => 'N', 'package_length_offset' => 0, 'package_body_offset' => 4,
        ]);
        $ports = $closed = [];
        $server->on('connect', static function ($server, int $fd) use (&$ports): void {
            $ports[$fd] = $server->getClientInfo($fd)['remote_port'];
        });
        $server->on('receive', static function ($server, int $fd, int $reactor, string $packet) use (&$closed): void {
            $server->send($fd, json_encode($closed));
        });
        $server->on('close', static function ($server, int $fd) use (&$ports, &$closed): void {
            $closed[] = $ports[$fd];
        });
        $server->start();
        PHP, env: ['MODE' => (string) $mode]);
    Swoole\Coroutine\run(static function () use ($server): void {
        $connect = static function () use ($server): Swoole\Coroutine\Client {
            $client = new Swoole\Coroutine\Client(SWOOLE_SOCK_TCP);
            $client->set(['timeout' => 20]);
            $client->connect('127.0.0.1', $server->port);
            return $client;
        };
        $good = $connect();
        $good->send(pack('N', 1) . 'x');
        $good->recv();
        $client = $connect();
        $port = $client->getsockname()['port'];
        $client->send("hello, I do not speak your protocol\n");
        var_dump($client->recv());
        echo $client->errCode === SOCKET_ECONNRESET ? "reset\n" : "$client->errCode\n";
        do {
            $good->send(pack('N', 1) . 'x');
        } while (!in_array($port, json_decode($good->recv()), true));
        echo "closed\n";
    });
    $server->stop();
}
?>
--EXPECT--
bool(false)
reset
closed
bool(false)
reset
closed
