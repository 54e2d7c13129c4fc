--TEST--
Response::sendfile() sends no more of a file than Content-Length says, and the connection goes on
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    use Swoole\Http\{Request, Response, Server};
    $file = tempnam(sys_get_temp_dir(), 'steelwool');
    file_put_contents($file, str_repeat('0123456789', 30_000));
    $server = new Server('127.0.0.1', (int) $argv[1], (int) getenv('MODE'));
    $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_NONE]);
    $server->on('request', static function (Request $request, Response $response) use ($file): void {
        // As frameworks answer that know how long a range is and say where it begins.
        $arguments = json_decode($request->get['arguments']);
        $length = $request->get['length'];
        $response->status(206);
        $response->header('Content-Length', $length, isset($request->get['format']));
        $response->sendfile($file, ...$arguments);
    });
    $server->on('shutdown', static fn () => unlink($file));
    $server->start();
    PHP;
foreach ([SWOOLE_PROCESS, SWOOLE_BASE] as $mode) {
    $server = ServerProcess::start($script, env: ['MODE' => (string) $mode]);
    $socket = connect_to($server->port);
    foreach ([['[2]', '4'], ['[2]', '1'], ['[299995]', '5'], ['[3,9]', '4'], ['[3,4]', '9'], ['[299990]', '99'], ['[0]', '200000'], ['[5]', 'x']] as [$arguments, $length]) {
        foreach (['GET', 'HEAD'] as $method) {
            fwrite($socket, request_bytes("/?length=$length&format&arguments=" . urlencode($arguments), $method));
            $reply = read_response($socket, $method === 'HEAD');
            $body = strlen($reply['body']) > 20 ? strlen($reply['body']) . ' bytes' : $reply['body'];
            echo "$method $arguments $length: ", $reply['status'], ' ', $reply['headers']['content-length'], " '$body'\n";
        }
    }
    $server->stop();
}
--EXPECT--
GET [2] 4: 206 4 '2345'
HEAD [2] 4: 206 4 ''
GET [2] 1: 206 1 '2'
HEAD [2] 1: 206 1 ''
GET [299995] 5: 206 5 '56789'
HEAD [299995] 5: 206 5 ''
GET [3,9] 4: 206 4 '3456'
HEAD [3,9] 4: 206 4 ''
GET [3,4] 9: 206 4 '3456'
HEAD [3,4] 9: 206 4 ''
GET [299990] 99: 206 10 '0123456789'
HEAD [299990] 99: 206 10 ''
GET [0] 200000: 206 200000 '200000 bytes'
HEAD [0] 200000: 206 200000 ''
GET [5] x: 206 299995 '299995 bytes'
HEAD [5] x: 206 299995 ''
GET [2] 4: 206 4 '2345'
HEAD [2] 4: 206 4 ''
GET [2] 1: 206 1 '2'
HEAD [2] 1: 206 1 ''
GET [299995] 5: 206 5 '56789'
HEAD [299995] 5: 206 5 ''
GET [3,9] 4: 206 4 '3456'
HEAD [3,9] 4: 206 4 ''
GET [3,4] 9: 206 4 '3456'
HEAD [3,4] 9: 206 4 ''
GET [299990] 99: 206 10 '0123456789'
HEAD [299990] 99: 206 10 ''
GET [0] 200000: 206 200000 '200000 bytes'
HEAD [0] 200000: 206 200000 ''
GET [5] x: 206 299995 '299995 bytes'
HEAD [5] x: 206 299995 ''
