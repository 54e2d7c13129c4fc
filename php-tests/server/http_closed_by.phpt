--TEST--
Http\Server: `close` says whether the server has ended the connection, after its last reply, or the client
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$code = <<<'PHP'
    $server = new Swoole\Http\Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'));
    $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_NONE]);
    $server->on('request', static function ($request, $response): void {
        if ($request->server['request_uri'] === '/close') {
            $response->header('Connection', 'close');
        }
        $response->end('fine');
    });
    $server->on('close', static function ($server, int $fd, int $reactor): void {
        echo $reactor < 0 ? 'by the server' : 'by the client', "\n";
    });
    $server->start();
    PHP;
foreach (['1', '2'] as $mode) {
    echo "-- mode $mode\n";
    $server = ServerProcess::start($code, env: ['MODE' => $mode]);
    $server->waitForOutput("by the client\n");
    foreach (
        [
            'asked' => "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            'told' => "GET /close HTTP/1.1\r\nHost: x\r\n\r\n",
            'old' => "GET / HTTP/1.0\r\n\r\n",
            'kept' => "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            'silent' => '',
        ] as $what => $request
    ) {
        $before = strlen($server->output());
        $socket = connect_to($server->port);
        if ($request !== '') {
            fwrite($socket, $request);
            read_response($socket);
        }
        if ($what === 'asked' || $what === 'told' || $what === 'old') {
            stream_get_contents($socket);
        }
        fclose($socket);
        for ($end = microtime(true) + 5; !str_ends_with(substr($server->output(), $before), "\n") && microtime(true) < $end; usleep(2000));
        echo "$what: ", substr($server->output(), $before);
    }
    $server->kill();
}
?>
--EXPECT--
-- mode 1
asked: by the server
told: by the server
old: by the server
kept: by the client
silent: by the client
-- mode 2
asked: by the server
told: by the server
old: by the server
kept: by the client
silent: by the client
