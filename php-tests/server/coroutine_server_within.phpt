--TEST--
Coroutine\Http\Server in a worker of a server of several processes: its requests are its own
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    $mode = getenv('MODE') === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS;
    $server = new Swoole\Http\Server('127.0.0.1', (int) $argv[1], $mode);
    $server->set(['worker_num' => 1]);
    $within = null;
    $server->on('workerStart', function () use (&$within) {
        go(function () use (&$within) {
            $within = new Swoole\Coroutine\Http\Server('127.0.0.1', 0);
            $within->handle('/', function ($request, $response) {
                $response->write('from ');
                $response->end('within');
            });
            $within->handle('/whole', fn ($request, $response) => $response->end(json_encode($request->get)));
            $within->start();
        });
    });
    $server->on('request', function ($request, $response) use (&$within) {
        $answers = [];
        foreach (['/', '/whole?a=b'] as $path) {
            $client = new Swoole\Coroutine\Http\Client('127.0.0.1', $within->port);
            $client->set(['timeout' => 10]);
            $answers[] = $client->get($path) ? $client->body : $client->errMsg;
        }
        $response->end(implode(' ', $answers));
    });
    $server->start();
    PHP;
foreach (['base', 'process'] as $mode) {
    $server = ServerProcess::start($script, env: ['MODE' => $mode]);
    echo "$mode: ", file_get_contents("http://127.0.0.1:$server->port/"), "\n";
    $server->stop();
}
?>
--EXPECT--
base: from within {"a":"b"}
process: from within {"a":"b"}
