--TEST--
Server: without coroutines, a request that ends its worker gets 500, in a timer's callback too
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    $server = new Swoole\Http\Server('127.0.0.1', (int) $argv[1], SWOOLE_PROCESS);
    $server->set(['worker_num' => 1, 'enable_coroutine' => false, 'log_level' => SWOOLE_LOG_NONE]);
    $server->on('request', function ($request, $response) {
        static $kept = [];
        switch ($request->server['path_info']) {
            case '/error':
                trigger_error('x', E_USER_ERROR);
                break;
            case '/timer':
                $kept[] = $response;
                Swoole\Timer::after(1, fn () => trigger_error('x', E_USER_ERROR));
                return;
        }
        $response->end('well');
    });
    $server->start();
    PHP, ['display_errors' => '0', 'log_errors' => '0']);

$ask = function (string $path) use ($server) {
    $socket = connect_to($server->port);
    fwrite($socket, "GET $path HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    return substr((string) stream_get_contents($socket), 9, 3);
};
foreach (['error', 'timer'] as $how) {
    echo "$how: ", $ask("/$how"), ', next ', $ask('/'), "\n";
}
$server->stop();
?>
--EXPECT--
error: 500, next 200
timer: 502, next 200
