--TEST--
What a worker has answered reaches the client, though the worker dies of an error in the same moment
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
        go(static function () use ($request, $response): void {
            if (isset($request->get['wait'])) {
                usleep(1000);
            }
            if (isset($request->get['pieces'])) {
                $response->write('in ');
                $response->write('pieces ');
                $response->end();
            } else {
                $response->end('whole ');
            }
            throw new Exception('an error of somebody else');
        });
    });
    $server->start();
    PHP, ['display_errors' => '0', 'log_errors' => '0']);
foreach (['', '?pieces', '?wait', '?wait&pieces', '?pieces'] as $query) {
    $reply = fopen("http://127.0.0.1:$server->port/$query", 'r');
    echo stream_get_contents($reply), stream_get_meta_data($reply)['wrapper_data'][0], "\n";
}
$server->stop();
?>
--EXPECT--
whole HTTP/1.1 200 OK
in pieces HTTP/1.1 200 OK
whole HTTP/1.1 200 OK
in pieces HTTP/1.1 200 OK
in pieces HTTP/1.1 200 OK
