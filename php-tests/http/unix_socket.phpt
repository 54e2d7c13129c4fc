--TEST--
A server on a unix socket, where requests need no Host
--FILE--
<?php

declare(strict_types=1);

$path = sys_get_temp_dir() . '/steelwool-' . getmypid() . '.sock';
$client = proc_open([PHP_BINARY, '-n', '-r', <<<'PHP'
    while (!($socket = @stream_socket_client("unix://$argv[1]"))) {
        usleep(5000);
    }
    fwrite($socket, "GET /over-unix HTTP/1.1\r\nConnection: close\r\n\r\n");
    echo substr(strstr(stream_get_contents($socket), "\r\n\r\n"), 4), "\n";
    PHP, $path], [1 => ['pipe', 'w']], $pipes);
Swoole\Coroutine\run(static function () use ($path): void {
    $server = new Swoole\Coroutine\Http\Server("unix:$path");
    $server->handle('/', static function ($request, $response) use ($server): void {
        $response->end(json_encode([$request->server['remote_addr'], $request->server['request_uri']]));
        $server->shutdown();
    });
    var_dump($server->start());
});
echo stream_get_contents($pipes[1]);
proc_close($client);
unlink($path);
--EXPECT--
bool(true)
["","\/over-unix"]
