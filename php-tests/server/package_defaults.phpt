--TEST--
Server: packets end with two line ends unless told otherwise, and 64 KiB are taken whatever package_max_length says
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

foreach ([SWOOLE_BASE, SWOOLE_PROCESS] as $mode) {
    $server = ServerProcess::start(<<<'PHP'
        $server = new Swoole\Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'));
        $server->set(['worker_num' => 1, 'log_file' => '/dev/null', 'open_eof_split' => true, 'package_max_length' => 100]);
        $server->on('receive', static fn ($server, int $fd, int $reactor, string $data) => $server->send($fd, strlen($data) . "\n"));
        $server->start();
        PHP, env: ['MODE' => (string) $mode]);
    $client = connect_to($server->port, 20);
    fwrite($client, "a\r\nb\r\n\r\nc\r\n\r\n");
    echo fgets($client), fgets($client);
    fwrite($client, str_repeat('x', 65000) . "\r\n\r\n");
    echo fgets($client);
    fwrite($client, str_repeat('x', 65536));
    var_dump(@fgets($client));
    $server->stop();
}
?>
--EXPECT--
8
5
65004
bool(false)
8
5
65004
bool(false)
