--TEST--
Server: clients that ask one thing after the other lose nothing when workers of SWOOLE_BASE are reloaded or have had their number of requests; the last answer says that it is one
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

foreach (['reload' => 0, 'max_request' => 50] as $why => $most) {
    $server = ServerProcess::start(<<<'PHP'
        $server = new Swoole\Http\Server('127.0.0.1', (int) $argv[1], SWOOLE_BASE);
        $server->set(['worker_num' => 2, 'log_level' => SWOOLE_LOG_NONE, 'max_request' => (int) getenv('MOST'), 'max_request_grace' => 1]);
        $server->on('request', fn ($request, $response) => $response->end((string) getmypid()));
        $server->start();
        PHP, env: ['MOST' => (string) $most]);

    /** The body, and whether it was the connection's last one; null when there is no answer. */
    $answer = function ($socket): ?array {
        $head = '';
        while (!str_ends_with($head, "\r\n\r\n")) {
            $line = fgets($socket);
            if ($line === false) {
                return null;
            }
            $head .= $line;
        }
        preg_match('/content-length: (\d+)/i', $head, $length);
        return [fread($socket, (int) $length[1]), (bool) preg_match('/connection: close/i', $head)];
    };

    $sockets = $workers = $first = [];
    [$lost, $last] = [0, 0];
    for ($round = 0; $round < 300; $round++) {
        $first = $round <= 30 ? $workers : $first;
        for ($i = 0; $i < 8; $i++) {
            $sockets[$i] ??= connect_to($server->port);
            @fwrite($sockets[$i], "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        }
        if ($why === 'reload' && $round % 60 === 30) {
            posix_kill($server->pid(), SIGUSR1);
        }
        foreach ($sockets as $i => $socket) {
            $answered = $answer($socket);
            if ($answered === null) {
                $lost++;
                unset($sockets[$i]);
                continue;
            }
            $workers[$answered[0]] = true;
            if ($answered[1]) {
                $last++;
                unset($sockets[$i]);
            }
        }
    }
    echo "$why: $lost lost, ", $last > 0 ? 'some' : 'none', ' were the last, ', array_diff_key($workers, $first) ? 'workers were replaced' : 'the same workers', "\n";
    $server->stop();
}
?>
--EXPECT--
reload: 0 lost, some were the last, workers were replaced
max_request: 0 lost, some were the last, workers were replaced
