--TEST--
An empty Content-Encoding keeps a reply from being compressed and is not sent; in every kind of server
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    $mode = getenv('MODE');
    $answer = function ($request, $response): void {
        if ($request->server['request_uri'] === '/plain') {
            $response->header('Content-Encoding', '');
        }
        $response->end(str_repeat('x', 1000));
    };
    if ($mode === 'coroutine') {
        Swoole\Coroutine\run(function () use ($argv, $answer): void {
            $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) $argv[1]);
            $server->handle('/', $answer);
            $server->start();
        });
    } else {
        $server = new Swoole\Http\Server('127.0.0.1', (int) $argv[1], (int) $mode);
        $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_ERROR]);
        $server->on('request', $answer);
        $server->start();
    }
    PHP;
foreach (['coroutine', SWOOLE_BASE, SWOOLE_PROCESS] as $mode) {
    $server = ServerProcess::start($script, env: ['MODE' => (string) $mode]);
    foreach (['/plain', '/'] as $path) {
        $context = stream_context_create(['http' => ['header' => 'Accept-Encoding: gzip', 'timeout' => 5]]);
        $reply = fopen("http://127.0.0.1:$server->port$path", 'r', false, $context);
        $body = stream_get_contents($reply);
        echo "$mode $path ", strlen($body) === 1000 ? 'whole' : 'packed', ' ',
            json_encode(array_values(preg_grep('/^content-encoding/i', stream_get_meta_data($reply)['wrapper_data']))), "\n";
    }
    $server->stop();
}
?>
--EXPECT--
coroutine /plain whole []
coroutine / packed ["Content-Encoding: gzip"]
1 /plain whole []
1 / packed ["Content-Encoding: gzip"]
2 /plain whole []
2 / packed ["Content-Encoding: gzip"]
