--TEST--
Server: what a worker has answered reaches the client, though the worker is killed before its handler returns (SWOOLE_PROCESS)
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    <?php
    use Swoole\Http\{Request, Response, Server};
    $server = new Server('127.0.0.1', (int) $argv[1], SWOOLE_PROCESS);
    $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_NONE]);
    $server->on('request', static function (Request $request, Response $response): void {
        if (isset($request->get['wait'])) {
            usleep(1000);
        }
        $response->end(str_repeat('whole ', (int) ($request->get['times'] ?? 1)));
        posix_kill(posix_getpid(), SIGKILL);
    });
    $server->start();
    PHP);
foreach (['', '?wait', '?times=10000', '?wait&times=10000', ''] as $query) {
    $reply = fopen("http://127.0.0.1:$server->port/$query", 'r');
    echo strlen(stream_get_contents($reply)), ' ', stream_get_meta_data($reply)['wrapper_data'][0], "\n";
}
$server->stop();
?>
--EXPECT--
6 HTTP/1.1 200 OK
6 HTTP/1.1 200 OK
60000 HTTP/1.1 200 OK
60000 HTTP/1.1 200 OK
6 HTTP/1.1 200 OK
