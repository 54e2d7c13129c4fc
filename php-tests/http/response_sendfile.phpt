--TEST--
sendfile(): whole files and parts, their types, and what it refuses
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$file = script_file('0123456789');
file_put_contents($file, '0123456789');
$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $file = getenv('FILE');
        $server->handle('/errors', static function ($request, $response) use ($file): void {
            $results = [];
            foreach ([[''], ['/no/such'], ['/tmp'], [$file, 11], [$file, 5, 6]] as $arguments) {
                $results[] = $response->sendfile(...$arguments);
                $results[] = swoole_last_error();
            }
            $response->write('a');
            $results[] = $response->sendfile($file);
            $response->end('b');
            $results[] = $response->sendfile($file);
            echo json_encode($results), "\n";
        });
        $server->handle('/part', static function ($request, $response) use ($file): void {
            var_dump($response->sendfile($file, 2, 3), $response->isWritable());
        });
        $server->handle('/rest', static fn($request, $response) => $response->sendfile($file, 7));
        $server->handle('/none', static fn($request, $response) => $response->sendfile($file, 10));
        $server->handle('/typed', static function ($request, $response) use ($file): void {
            $response->status(201);
            $response->header('content-type', 'a/b');
            $response->sendfile($file);
        });
        $server->handle('/php', static fn($request, $response) => $response->sendfile(getenv('BIG')));
        $server->start();
    });
    PHP, env: ['FILE' => $file, 'BIG' => __FILE__]);
foreach (['/errors', '/part', '/rest', '/none', '/typed'] as $path) {
    $reply = http_request($server->port, $path);
    echo $path, ' ', $reply['status'], ' ', $reply['headers']['content-type'], ' ', $reply['headers']['content-length'] ?? '-', ' ';
    echo $reply['body'], "\n";
}
// many on one connection, a HEAD among them
$socket = connect_to($server->port);
fwrite($socket, request_bytes('/part') . request_bytes('/rest', 'HEAD') . request_bytes('/php') . request_bytes('/part'));
echo read_response($socket)['body'], "\n";
echo read_response($socket, true)['headers']['content-length'], "\n";
var_dump(read_response($socket)['body'] === file_get_contents(__FILE__));
echo read_response($socket)['body'], "\n";
echo $server->stop();
--EXPECTF--
/errors 200 text/html - ab
/part 200 application/octet-stream 3 234
/rest 200 application/octet-stream 3 789
/none 200 application/octet-stream 0 
/typed 201 a/b 10 0123456789
234
3
bool(true)
234

Warning: Swoole\Http\Response::sendfile(): file name is empty in %s on line %d

Warning: Swoole\Http\Response::sendfile(): stat(/no/such) failed, Error: No such file or directory[2] in %s on line %d

Warning: Swoole\Http\Response::sendfile(): parameter $file[/tmp] given is not a regular file in %s on line %d

Warning: Swoole\Http\Response::sendfile(): parameter $offset[11] exceeds the file size in %s on line %d

Warning: Swoole\Http\Response::sendfile(): parameter $length[6] exceeds the file size in %s on line %d

Warning: Swoole\Http\Response::sendfile(): can't use sendfile when HTTP chunk is enabled in %s on line %d
[false,510,false,2,false,9013,false,510,false,510,false,false]
bool(true)
bool(false)
bool(true)
bool(false)
bool(true)
bool(false)
