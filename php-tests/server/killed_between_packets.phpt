--TEST--
Server: packets and requests that came behind the one that killed a worker are its successor's, without coroutines too (SWOOLE_PROCESS)
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    $server = new Swoole\Http\Server('127.0.0.1', (int) $argv[1], SWOOLE_PROCESS);
    $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_NONE, 'enable_coroutine' => false]);
    $block = function (string $file): void {
        touch($file);
        while (file_exists($file)) {
            usleep(1000);
            clearstatcache();
        }
        posix_kill(getmypid(), SIGKILL);
    };
    $bytes = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
    $bytes->set(['open_http_protocol' => false, 'open_eof_split' => true, 'package_eof' => "\n"]);
    $bytes->on('receive', function ($server, $fd, $reactor, $data) use ($block) {
        is_dir(dirname($file = trim($data))) && $file[0] === '/' ? $block($file) : $server->send($fd, "got $data");
    });
    $server->on('request', function ($request, $response) use ($bytes, $block) {
        isset($request->get['file']) ? $block($request->get['file']) : $response->end((string) $bytes->port);
    });
    $server->start();
    PHP);

$wait = function (string $file): void {
    for ($i = 0; $i < 10_000 && !file_exists($file); $i++) {
        usleep(1000);
        clearstatcache();
    }
    unlink($file);
};
$port = (int) http_request($server->port, '/')['body'];
$file = tempnam(sys_get_temp_dir(), 'steelwool');
unlink($file);
for ($round = 1; $round <= 3; $round++) {
    $client = connect_to($port);
    // They lie in the worker's inbox when it takes the first.
    fwrite($client, "$file\none\ntwo\n");
    $wait($file);
    echo fgets($client), fgets($client);
}
for ($round = 1; $round <= 3; $round++) {
    $client = connect_to($server->port);
    fwrite($client, 'GET /?file=' . urlencode($file) . " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    $others = [];
    for ($i = 0; $i < 5; $i++) {
        fwrite($others[] = connect_to($server->port), "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    }
    // The master takes them in order of arrival: when it has refused this one, it has taken all.
    $last = connect_to($server->port);
    fwrite($last, "no HTTP\r\n\r\n");
    stream_get_contents($last);
    $wait($file);
    $codes = array_map(fn ($socket) => substr(stream_get_contents($socket), 9, 3), [$client, ...$others]);
    echo implode(' ', $codes), "\n";
}
$server->stop();
?>
--EXPECT--
got one
got two
got one
got two
got one
got two
502 200 200 200 200 200
502 200 200 200 200 200
502 200 200 200 200 200
