<?php

declare(strict_types=1);

// websocket_idle.php server|process|coroutine COUNT   memory of an open WebSocket on which nothing moves, in all processes; each has said
// something before.
// The clients are plain PHP in a process of its own. Both need COUNT descriptors: ulimit -n.

require __DIR__ . '/measure.php';

[, $style, $count] = $argv;
if ($style === 'clients') {
    $all = [];
    for ($n = 0; $n < $count; $n++) {
        $all[] = $socket = stream_socket_client("tcp://127.0.0.1:$argv[3]", $code, $text, 20) ?: exit("no connection\n");
        fwrite($socket, "GET / HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            . "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        while (($line = fgets($socket)) !== "\r\n" && $line !== false);
        // "hello", masked with zeros
        fwrite($socket, "\x81\x85\0\0\0\0hello");
        fread($socket, 7) === "\x81\x05hello" || exit("no answer\n");
    }
    fwrite($all[0], "\x81\x84\0\0\0\0done");
    fread($all[0], 1);
    exit;
}

$start = static fn (int $port) => proc_open([PHP_BINARY, '-n', __FILE__, 'clients', $count, (string) $port], [1 => STDOUT], $pipes);
$before = 0;
$first = getmypid();
/** Resident memory of this process and the first one. */
$resident = static fn (): int => array_sum(array_map(
    static fn (int $pid): int => (int) explode(' ', file_get_contents("/proc/$pid/statm"))[1] * 4096,
    array_unique([$first, getmypid()]),
));
$manager = 0;
$report = static function () use (&$before, &$manager, $count, $first, $resident): void {
    echo json_encode(['rss' => ($resident() - $before) / $count]), "\n";
    // the manager first, or there would be another worker
    foreach (array_unique(array_filter([$manager, $first, getmypid()])) as $pid) {
        posix_kill($pid, SIGKILL);
    }
};
if ($style !== 'coroutine') {
    $server = new Swoole\WebSocket\Server('127.0.0.1', 0, $style === 'process' ? SWOOLE_PROCESS : SWOOLE_BASE);
    $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_ERROR, 'max_connection' => $count + 100]);
    $server->on('workerStart', static function () use ($server, $style, $start, $resident, &$before, &$manager, &$process): void {
        $manager = $style === 'process' ? posix_getppid() : 0;
        $process = $start($server->port);
        $before = $resident();
    });
    $server->on('message', static fn ($server, $frame) => $frame->data === 'done' ? $report() : $server->push($frame->fd, $frame->data));
    $server->start();
    exit;
}
Swoole\Coroutine::set(['max_coroutine' => $count + 100]);
Swoole\Coroutine\run(static function () use ($start, $report, $resident, &$before): void {
    $server = new Swoole\Coroutine\Http\Server('127.0.0.1', 0);
    $server->handle('/', static function ($request, $response) use ($report): void {
        $response->upgrade();
        while ($frame = $response->recv()) {
            $frame->data === 'done' ? $report() : $response->push($frame->data);
        }
    });
    $process = $start($server->port);
    $before = $resident();
    $server->start();
});
