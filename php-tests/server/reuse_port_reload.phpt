--TEST--
Server: with enable_reuse_port nobody who connects while workers of SWOOLE_BASE are replaced is refused or cut off
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    $server = new Swoole\Http\Server('127.0.0.1', (int) $argv[1], SWOOLE_BASE);
    $server->set(['worker_num' => 2, 'log_level' => SWOOLE_LOG_NONE, 'enable_reuse_port' => true]);
    $server->on('request', fn ($request, $response) => $response->end((string) getmypid()));
    $server->start();
    PHP);
$failures = $workers = [];
for ($known = 2; $known <= 12; $known += 2) {
    if ($known > 2) {
        posix_kill($server->pid(), SIGUSR1);
    }
    for ($i = 0; $i < 10_000 && count($workers) < $known; $i++) {
        $socket = @stream_socket_client("tcp://127.0.0.1:$server->port", $code, $text, 5);
        if (!$socket) {
            $failures[$text] = ($failures[$text] ?? 0) + 1;
            continue;
        }
        @fwrite($socket, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        $answer = (string) @stream_get_contents($socket);
        if (!preg_match('/^HTTP\/1.1 200.*\r\n\r\n(\d+)$/s', $answer, $found)) {
            $failures['no answer'] = ($failures['no answer'] ?? 0) + 1;
            continue;
        }
        $workers[$found[1]] = true;
    }
}
var_dump($failures, count($workers));
$server->stop();
?>
--EXPECT--
array(0) {
}
int(12)
