<?php

declare(strict_types=1);

// argv[1] coroutines, each with an Http\Client of its own, send argv[2] GETs one after the other; CPU of the client for each, and what its memory
// grew by between the first round and the last.

require __DIR__ . '/measure.php';

[, $connections, $requests] = array_map(intval(...), $argv);
$server = proc_open([PHP_BINARY, __DIR__ . '/replies.php', (string) $connections], [1 => ['pipe', 'w'], 2 => STDERR], $pipes);
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
