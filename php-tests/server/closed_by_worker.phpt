--TEST--
Server: after close() in a worker nothing of that connection is handled any more, and in SWOOLE_PROCESS nothing can be sent from its close event
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

foreach ([SWOOLE_BASE, SWOOLE_PROCESS] as $mode) {
    $server = ServerProcess::start(<<<'PHP'
        $server = new Swoole\Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'));
        $server->set(['worker_num' => 1, 'log_file' => '/dev/null', 'open_eof_split' => true, 'package_eof' => "\n"]);
        $sender = 0;
        $server->on('close', static function ($server, int $fd) use (&$sender): void {
            if ($fd === $sender) {
                echo 'send: ', $server->send($fd, "late\n") ? 'true' : "false {$server->getLastError()}", "\n";
            }
        });
        $server->on('receive', static function ($server, int $fd, int $reactor, string $data) use (&$sender): void {
            $sender = $fd;
            $data = trim($data);
            echo "$data\n";
            if ($data === 'close') {
                $server->send($fd, "closed\n");
                $server->close($fd);
            }
        });
        $server->start();
        PHP, env: ['MODE' => (string) $mode]);
    $client = connect_to($server->port, 20);
    fwrite($client, "first\nclose\nsecond\nthird\n");
    echo @stream_get_contents($client);
    $other = connect_to($server->port, 20);
    fwrite($other, "other\n");
    $server->waitForOutput('other', 20);
    $server->kill();
    echo $server->output();
}
?>
--EXPECT--
closed
late
first
close
send: true
other
closed
first
close
send: false 1004
other
