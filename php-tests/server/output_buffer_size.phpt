--TEST--
Server: output_buffer_size limits what a worker sends at once where the master owns the connections
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    $mode = getenv('MODE') === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS;
    $server = new Swoole\Http\Server('127.0.0.1', (int) $argv[1], $mode);
    $server->set(['worker_num' => 1, 'output_buffer_size' => 100_000, 'http_compression' => false, 'log_file' => '/dev/null']);
    $said = [];
    $server->on('request', function ($request, $response) use (&$said) {
        $large = str_repeat('x', 100_001);
        swoole_clear_error();
        switch ($request->server['path_info']) {
            case '/said':
                return $response->end(json_encode($said));
            case '/end':
                $said[] = [$response->end($large), swoole_last_error(), $response->isWritable()];
                return;
            case '/piece':
                $said[] = [$response->write('a'), $response->write($large), swoole_last_error(), $response->end('b')];
                return;
            case '/last':
                $said[] = [$response->write('a'), $response->end($large), swoole_last_error()];
                return;
            case '/just':
                return $response->end(substr($large, 1));
        }
    });
    $server->start();
    PHP;
foreach (['base', 'process'] as $mode) {
    $server = ServerProcess::start($script, env: ['MODE' => $mode]);
    echo "$mode\n";
    Co\run(function () use ($server) {
        foreach (['/end', '/piece', '/last', '/just'] as $path) {
            $client = new Swoole\Coroutine\Http\Client('127.0.0.1', $server->port);
            $client->set(['timeout' => 10]);
            $whole = $client->get($path);
            echo "$path ", $whole ? "$client->statusCode " . strlen($client->body) : 'cut', "\n";
        }
        $client = new Swoole\Coroutine\Http\Client('127.0.0.1', $server->port);
        $client->get('/said');
        echo "$client->body\n";
    });
    $server->stop();
}
?>
--EXPECT--
base
/end 200 100001
/piece 200 100003
/last 200 100002
/just 200 100000
[[true,0,false],[true,true,0,true],[true,true,0]]
process
/end 500 0
/piece 200 2
/last cut
/just 200 100000
[[false,1203,false],[true,false,1203,true],[true,false,1203]]
