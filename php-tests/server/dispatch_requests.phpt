--TEST--
Server: dispatch_func sees the requests of HTTP as they came; one that it drops or closes ends the connection without an answer
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    $server = new Swoole\Http\Server('127.0.0.1', (int) getenv('PORT'), SWOOLE_PROCESS);
    $server->set([
        'worker_num' => 3,
        'log_file' => '/dev/null',
        'dispatch_func' => static function ($server, int $fd, int $type, string $data): int {
            if ($type !== 0) {
                return 0;
            }
            if (!preg_match('~^(?:GET|POST) /(-?\d) HTTP/1\.1\r\n(.*)\r\n\r\n(.*)$~s', $data, $found)) {
                throw new Exception('not to be understood');
            }
            file_put_contents(getenv('SEEN'), json_encode([$found[2], $found[3]]) . "\n", FILE_APPEND);
            return (int) $found[1];
        },
    ]);
    $server->on('request', static fn ($request, $response) => $response->end("worker $server->worker_id"));
    $server->start();
    PHP, env: ['SEEN' => $seen = tempnam(sys_get_temp_dir(), 'seen')]);
foreach ([0, 1, 2] as $worker) {
    echo http_request($server->port, "/$worker", seconds: 20)['body'], "\n";
}
echo http_request($server->port, '/2', 'POST', ['X-One' => 'Two'], 'the body', seconds: 20)['body'], "\n";
foreach ([-1, -2, 7] as $none) {
    var_dump(http_request($server->port, "/$none", seconds: 20));
}
// what it throws leaves the choice to the dispatch mode
echo preg_match('/^worker \d$/', http_request($server->port, '/none', seconds: 20)['body']), "\n";
echo file($seen)[3];
unlink($seen);
$server->stop();
?>
--EXPECT--
worker 0
worker 1
worker 2
worker 2
NULL
NULL
NULL
1
["X-One: Two\r\nConnection: close\r\nHost: 127.0.0.1\r\nContent-Length: 8","the body"]
