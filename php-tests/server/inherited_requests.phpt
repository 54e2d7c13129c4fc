--TEST--
Server: requests that a worker had not begun when it was killed or reloaded are answered by its successor (SWOOLE_PROCESS)
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    $server = new Swoole\Http\Server('127.0.0.1', (int) $argv[1], SWOOLE_PROCESS);
    $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_NONE, 'enable_coroutine' => false]);
    $server->on('request', function ($request, $response) use ($server) {
        switch ($request->server['path_info']) {
            case '/block':
                // The others arrive meanwhile.
                touch($request->get['file']);
                while (file_exists($request->get['file'])) {
                    usleep(1000);
                    clearstatcache();
                }
                posix_kill(getmypid(), SIGKILL);
                break;
            case '/reload':
                touch($request->get['file']);
                while (file_exists($request->get['file'])) {
                    usleep(1000);
                    clearstatcache();
                }
                $server->reload();
                break;
        }
        $response->end($request->server['path_info'] . ' ' . strlen($request->rawContent()));
    });
    $server->start();
    PHP);

function ask(int $port, string $path, string $body = '')
{
    $socket = connect_to($port);
    fwrite($socket, "POST $path HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " . strlen($body) . "\r\n\r\n$body");
    return $socket;
}

function show(string $name, $socket): void
{
    $answer = (string) stream_get_contents($socket);
    $body = explode("\r\n\r\n", $answer, 2)[1] ?? '';
    echo $name, ': ', substr($answer, 9, 3), ' ', strlen($body) > 40 ? 'page' : $body, "\n";
}

$file = tempnam(sys_get_temp_dir(), 'steelwool');
foreach (['block', 'reload'] as $what) {
    unlink($file);
    $first = ask($server->port, "/$what?file=" . urlencode($file));
    while (!file_exists($file)) {
        usleep(1000);
        clearstatcache();
    }
    $others = [];
    for ($i = 0; $i < 30; $i++) {
        // One of them is longer than a datagram of the bus.
        $others[] = ask($server->port, "/other$i", str_repeat('x', $i === 20 ? 200_000 : $i));
    }
    // The master takes them in order of arrival: this one's refusal comes when it has taken all.
    $last = connect_to($server->port);
    fwrite($last, "no HTTP\r\n\r\n");
    stream_get_contents($last);
    unlink($file);
    show($what, $first);
    array_walk($others, fn ($socket, $i) => $i % 10 === 0 ? show("other $i", $socket) : stream_get_contents($socket));
    touch($file);
}
unlink($file);
$server->stop();
?>
--EXPECT--
block: 502 
other 0: 200 /other0 0
other 10: 200 /other10 10
other 20: 200 /other20 200000
reload: 200 /reload 0
other 0: 200 /other0 0
other 10: 200 /other10 10
other 20: 200 /other20 200000
