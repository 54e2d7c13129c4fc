<?php

declare(strict_types=1);

// argv[1] coroutines, each with an Http\Client of its own, send argv[2] GETs one after the other; CPU of the client for each, and what its memory
// grew by between the first round and the last. The server is plain PHP in a process of its own.

if ($argv[1] === 'serve') {
    $listener = stream_socket_server('tcp://127.0.0.1:0', $code, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, stream_context_create(['socket' => ['backlog' => 4096]]));
    echo explode(':', stream_socket_get_name($listener, false))[1], "\n";
    $reply = "HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!";
    // One process for each 500 connections: select() takes no more descriptors than 1,024.
    for ($left = (int) ceil($argv[2] / 500); $left > 1 && pcntl_fork() !== 0; $left--);
    $all = [$listener];
    while (true) {
        $ready = $all;
        $none = null;
        stream_select($ready, $none, $none, null);
        foreach ($ready as $socket) {
            if ($socket === $listener) {
                $new = count($all) > 510 ? false : @stream_socket_accept($listener, 0);
                if ($new) {
                    $all[(int) $new] = $new;
                }
                if (count($all) > 510) {
                    unset($all[0]);
                }
            } elseif (fread($socket, 8192) === '') {
                exit;
            } else {
                fwrite($socket, $reply);
            }
        }
    }
}

require __DIR__ . '/measure.php';

[, $connections, $requests] = array_map(intval(...), $argv);
$server = proc_open([PHP_BINARY, __FILE__, 'serve', (string) $connections], [1 => ['pipe', 'w'], 2 => STDERR], $pipes);
$port = (int) fgets($pipes[1]);
$clients = [];
$round = static function (int $requests) use (&$clients, $port, $connections): void {
    Swoole\Coroutine\run(static function () use (&$clients, $port, $connections, $requests): void {
        for ($i = 0; $i < $connections; $i++) {
            go(static function () use (&$clients, $port, $requests, $i): void {
                $client = $clients[$i] ??= new Swoole\Coroutine\Http\Client('127.0.0.1', $port);
                for ($n = 0; $n < $requests; $n++) {
                    $client->get('/') && $client->body === 'Hello, World!' || exit("no reply: $client->errMsg\n");
                }
            });
        }
    });
};
$round(1);
$before = status_bytes('VmRSS');
$start = cpu_seconds();
$round($requests);
$used = cpu_seconds() - $start;
$grown = status_bytes('VmRSS') - $before;
proc_terminate($server);
echo json_encode(['cpu_ns' => $used / $requests / $connections * 1e9, 'grown' => max(0, $grown)]), "\n";
