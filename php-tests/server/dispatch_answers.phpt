--TEST--
Server: dispatch_func may drop a packet or close the connection; after an exception or exit the dispatch mode chooses, and the next packet is asked for
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    $server = new Swoole\Server('127.0.0.1', (int) getenv('PORT'), SWOOLE_PROCESS);
    $server->set([
        'worker_num' => 2,
        'open_eof_split' => true,
        'package_eof' => "\n",
        'log_file' => '/dev/null',
        'dispatch_func' => static fn ($server, int $fd, int $type, string $data) => $type !== 0 ? 0 : match (rtrim($data)) {
            'drop' => SWOOLE_DISPATCH_RESULT_DISCARD_PACKET,
            'close' => SWOOLE_DISPATCH_RESULT_CLOSE_CONNECTION,
            'mode' => SWOOLE_DISPATCH_RESULT_USERFUNC_FALLBACK,
            'wrong' => -9,
            'null' => null,
            'throw' => throw new Exception('no idea'),
            'exit' => exit(5),
            default => (int) $data,
        },
    ]);
    $server->on('receive', static function ($server, int $fd, int $reactor, string $data): void {
        $server->send($fd, 'worker ' . (is_numeric(rtrim($data)) ? $server->worker_id : 'of the mode') . "\n");
    });
    $server->start();
    PHP);
$client = connect_to($server->port, 20);
foreach (["0\n", "1\n", "drop\n1\n", "wrong\n0\n", "null\n1\n", "mode\n", "throw\n", "0\n", "exit\n", "1\n"] as $packets) {
    fwrite($client, $packets);
    echo rtrim($packets), ': ', fgets($client);
}
fwrite($client, "close\n");
var_dump(fgets($client), feof($client), $server->running());
$server->stop();
?>
--EXPECT--
0: worker 0
1: worker 1
drop
1: worker 1
wrong
0: worker 0
null
1: worker 1
mode: worker of the mode
throw: worker of the mode
0: worker 0
exit: worker of the mode
1: worker 1
bool(false)
bool(true)
bool(true)
