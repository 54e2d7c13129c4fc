<?php

declare(strict_types=1);

// argv[1] coroutines send argv[2] GETs each, one after the other, with curl_exec(): "kept" on a handle, and so a connection, for each coroutine, "new" on a
// handle for each request. CPU of the client for each. The server is plain PHP in a process of its own.

if ($argv[1] === 'serve') {
    $listener = stream_socket_server('tcp://127.0.0.1:0');
    echo explode(':', stream_socket_get_name($listener, false))[1], "\n";
    $all = [$listener];
    while (true) {
        $ready = $all;
        $none = null;
        stream_select($ready, $none, $none, null);
        foreach ($ready as $socket) {
            if ($socket === $listener) {
                $new = stream_socket_accept($listener, 0);
                $all[(int) $new] = $new;
            } elseif (fread($socket, 8192) === '') {
                unset($all[(int) $socket]);
                fclose($socket);
            } else {
                fwrite($socket, "HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!");
            }
        }
    }
}

require __DIR__ . '/measure.php';

[, $coroutines, $requests, $handles] = $argv;
$server = proc_open([PHP_BINARY, __FILE__, 'serve'], [1 => ['pipe', 'w'], 2 => STDERR], $pipes);
$port = (int) fgets($pipes[1]);
$handle = static function () use ($port): CurlHandle {
    $curl = curl_init("http://127.0.0.1:$port/");
    curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
    return $curl;
};
$round = static function (int $requests) use ($handle, $handles, $coroutines): void {
    Swoole\Coroutine::set(['hook_flags' => SWOOLE_HOOK_NATIVE_CURL]);
    Swoole\Coroutine\run(static function () use ($handle, $handles, $coroutines, $requests): void {
        for ($i = 0; $i < $coroutines; $i++) {
            go(static function () use ($handle, $handles, $requests): void {
                $curl = $handle();
                for ($n = 0; $n < $requests; $n++) {
                    if ($handles === 'new' && $n > 0) {
                        $curl = $handle();
                    }
                    curl_exec($curl) === 'Hello, World!' || exit('no reply: ' . curl_error($curl) . "\n");
                }
            });
        }
    });
};
$round(2);
$start = cpu_seconds();
$round((int) $requests);
$used = cpu_seconds() - $start;
proc_terminate($server);
echo json_encode(['cpu_ns' => $used / $requests / $coroutines * 1e9]), "\n";
