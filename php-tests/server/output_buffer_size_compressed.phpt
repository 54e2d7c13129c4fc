--TEST--
Server: output_buffer_size counts what is left of a reply that is compressed, where the master owns the connections
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    <?php
    $server = new Swoole\Http\Server('127.0.0.1', (int) $argv[1], SWOOLE_PROCESS);
    $server->set(['worker_num' => 1, 'output_buffer_size' => 100_000, 'log_file' => '/dev/null']);
    $said = [];
    $server->on('request', function ($request, $response) use (&$said) {
        if ($request->server['path_info'] === '/said') {
            return $response->end(json_encode($said));
        }
        $large = $request->server['path_info'] === '/dense' ? random_bytes(200_000) : str_repeat('x', 200_000);
        swoole_clear_error();
        $said[] = [$response->end($large), swoole_last_error(), $response->isWritable()];
    });
    $server->start();
    PHP);
Co\run(function () use ($server) {
    $get = function (string $path, array $headers = []) use ($server) {
        $client = new Swoole\Coroutine\Http\Client('127.0.0.1', $server->port);
        $client->set(['timeout' => 10]);
        $client->setHeaders($headers);
        $client->get($path);
        return $client;
    };
    foreach ([['/', ['Accept-Encoding' => 'gzip']], ['/dense', ['Accept-Encoding' => 'gzip']], ['/', ['Accept-Encoding' => 'identity']]] as [$path, $headers]) {
        $client = $get($path, $headers);
        echo "$path $client->statusCode ", $client->headers['content-encoding'] ?? '-', ' ', strlen($client->body), "\n";
    }
    echo $get('/said')->body, "\n";
});
$server->stop();
?>
--EXPECT--
/ 200 gzip 200000
/dense 500 - 0
/ 500 - 0
[[true,0,false],[false,1203,false],[false,1203,false]]
