--TEST--
Server: what package_length_func throws, and exit in it, cost the connection and nothing else
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

foreach ([SWOOLE_BASE, SWOOLE_PROCESS] as $mode) {
    $server = ServerProcess::start(<<<'PHP'
        $server = new Swoole\Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'));
        $server->set([
            'worker_num' => 1,
            'log_file' => '/dev/null',
            'open_length_check' => true,
            'package_length_func' => static fn (string $data): int => match ($data[0]) {
                't' => throw new Exception('no length'),
                'x' => exit(3),
                default => (int) strpos($data, "\n") + 1,
            },
        ]);
        $server->on('receive', static fn ($server, int $fd, int $reactor, string $data) => $server->send($fd, $data));
        $ended = $server->start();
        echo 'ended: ', json_encode($ended), "\n";
        PHP, env: ['MODE' => (string) $mode]);
    foreach (["throw\n", "xit\n"] as $bad) {
        $client = connect_to($server->port, 20);
        fwrite($client, $bad);
        var_dump(@fgets($client));
        $client = connect_to($server->port, 20);
        fwrite($client, "good\n");
        echo fgets($client);
    }
    $server->stop();
    echo substr_count($server->output(), 'Uncaught Exception: no length') > 0 ? "reported\n" : "silent\n";
    echo preg_match('/ended: true$/', rtrim($server->output())), "\n";
}
?>
--EXPECT--
bool(false)
good
bool(false)
good
reported
1
bool(false)
good
bool(false)
good
reported
1
