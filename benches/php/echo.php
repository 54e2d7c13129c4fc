<?php

declare(strict_types=1);

// Coroutine\Server echoes packets of 64 bytes on 64 connections; CPU of the server for each. The client is plain PHP in a process of its own.

const CONNECTIONS = 64;
const ROUNDS = 2000;

if (isset($argv[1])) {
    $packet = pack('N', 60) . str_repeat('x', 60);
    $all = [];
    for ($i = 0; $i < CONNECTIONS; $i++) {
        $all[] = stream_socket_client("tcp://127.0.0.1:$argv[1]");
    }
    for ($round = 0; $round < ROUNDS; $round++) {
        foreach ($all as $socket) {
            fwrite($socket, $packet);
        }
        foreach ($all as $socket) {
            fread($socket, 64) === $packet || exit("wrong echo\n");
        }
    }
    exit;
}

require __DIR__ . '/measure.php';

Swoole\Coroutine\run(static function (): void {
    $server = new Swoole\Coroutine\Server('127.0.0.1', 0);
    $server->set(['open_length_check' => true, 'package_length_type' => 'N', 'package_body_offset' => 4]);
    $open = $messages = 0;
    $server->handle(static function ($connection) use ($server, &$open, &$messages): void {
        $open++;
        while (($packet = $connection->recv()) !== '' && $packet !== false) {
            $connection->send($packet);
            $messages++;
        }
        $connection->close();
        --$open === 0 && $server->shutdown();
    });
    $client = proc_open([PHP_BINARY, '-n', __FILE__, (string) $server->port], [1 => STDERR], $pipes);
    $start = cpu_seconds();
    $server->start();
    $used = cpu_seconds() - $start;
    $messages === CONNECTIONS * ROUNDS || exit("$messages messages\n");
    echo json_encode(['cpu_ns' => $used / $messages * 1e9]), "\n";
});
