--TEST--
A reply of events without a length: what has come is its body, the rest is sent by Server::send() and read from the client's socket
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    $server = new Swoole\Http\Server('127.0.0.1', (int) $argv[1], getenv('MODE') === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
    $server->set(['worker_num' => 1]);
    $server->on('request', function ($request, $response) use ($server) {
        foreach (['Content-Type' => 'text/event-stream', 'Connection' => 'keep-alive', 'Content-Encoding' => '', 'Content-Length' => ''] as $name => $value) {
            $response->header($name, $value);
        }
        $response->end();
        foreach (range(1, 3) as $number) {
            $server->send($response->fd, "data: $number\n\n");
            Co::sleep(0.001);
        }
    });
    $server->start();
    PHP;
foreach (['base', 'process'] as $mode) {
    $server = ServerProcess::start($script, env: ['MODE' => $mode]);
    Co\run(function () use ($server) {
        $client = new Swoole\Coroutine\Http\Client('127.0.0.1', $server->port);
        var_dump($client->get('/'), isset($client->headers['content-length']), isset($client->headers['transfer-encoding']));
        $events = $client->body;
        while (substr_count($events, "\n\n") < 3 && is_string($line = $client->socket->recvLine(1024, 20))) {
            $events .= $line;
        }
        echo str_replace("\n\n", ' ', $events), "\n";
    });
    $server->stop();
}
?>
--EXPECT--
bool(true)
bool(false)
bool(false)
data: 1 data: 2 data: 3 
bool(true)
bool(false)
bool(false)
data: 1 data: 2 data: 3 
