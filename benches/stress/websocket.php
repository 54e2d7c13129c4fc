<?php

declare(strict_types=1);

// php -d extension=... benches/stress/websocket.php server|coroutine [SECONDS [READERS]]
//
// 300 clients that read nothing, and a message of 64 KiB to all of them every 50 ms: memory must not grow beyond what the connections'
// queues may hold and 64 MiB, and push() must say that it fails. Ends with 0 when it does. One more client reads all the time and
// must get every message.

const MESSAGE = 64 << 10;
const EVERY = 50;
const QUEUE = 256 << 10;

[, $style] = $argv;
[$seconds, $readers] = [(float) ($argv[2] ?? 60), (int) ($argv[3] ?? 300)];

if ($style === 'clients') {
    $open = static function () use ($argv) {
        $socket = stream_socket_client("tcp://127.0.0.1:$argv[4]", $code, $text, 20) ?: exit("no connection\n");
        fwrite($socket, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            . "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        while (($line = fgets($socket)) !== "\r\n" && $line !== false);
        return $socket;
    };
    $stalled = [];
    for ($n = 0; $n < $readers; $n++) {
        $stalled[] = $open();
    }
    // the last one is awake
    $awake = $open();
    for ($bytes = 0; !feof($awake); $bytes += strlen((string) fread($awake, 1 << 20)));
    echo 'the one that reads got ', intdiv($bytes, MESSAGE + 10), " messages\n";
    exit;
}

/** Resident memory of this process in bytes. */
function resident(): int
{
    return (int) explode(' ', file_get_contents('/proc/self/statm'))[1] * 4096;
}

$clients = static fn (int $port) => proc_open([PHP_BINARY, '-n', __FILE__, 'clients', (string) $seconds, (string) $readers, (string) $port], [1 => STDOUT], $pipes);
$message = str_repeat('x', MESSAGE);
$before = $most = $sent = $failed = 0;
$errors = [];
$done = static function () use (&$before, &$most, &$sent, &$failed, &$errors, $readers): never {
    $allowed = $readers * QUEUE + (64 << 20);
    printf("%d sent, %d not (%s)\nresident at most %.1f MiB more than before, %.1f allowed\n", $sent, $failed,
        implode(', ', array_map(static fn ($code) => swoole_strerror($code, 9) . " x $errors[$code]", array_keys($errors))), ($most - $before) / 1048576, $allowed / 1048576);
    echo $most - $before <= $allowed && $failed > 0 ? "fine\n" : "FAILED\n";
    exit($most - $before <= $allowed && $failed > 0 ? 0 : 1);
};
$count = static function (bool $pushed) use (&$sent, &$failed, &$errors): void {
    $pushed ? $sent++ : $failed++;
    $pushed || $errors[swoole_last_error()] = ($errors[swoole_last_error()] ?? 0) + 1;
};

if ($style === 'server') {
    $server = new Swoole\WebSocket\Server('127.0.0.1', 0, SWOOLE_BASE);
    // push() says at once that there is no room, instead of waiting for it
    $server->set(['worker_num' => 1, 'socket_buffer_size' => QUEUE, 'send_yield' => false, 'log_level' => SWOOLE_LOG_NONE]);
    $open = 0;
    $server->on('workerStart', static function () use ($server, $clients, &$process): void {
        $process = $clients($server->port);
    });
    $server->on('open', static function () use ($server, &$open, $readers, $message, $seconds, $count, $done, &$before, &$most): void {
        if (++$open <= $readers) {
            return;
        }
        $before = resident();
        $end = microtime(true) + $seconds;
        Swoole\Timer::tick(EVERY, static function () use ($server, $message, $end, $count, $done, &$most): void {
            foreach ($server->connections as $fd) {
                $count(@$server->push($fd, $message));
            }
            $most = max($most, resident());
            if (microtime(true) > $end) {
                $done();
            }
        });
    });
    $server->on('message', static fn () => null);
    $server->start();
    exit;
}
swoole_async_set(['socket_write_timeout' => 0.2]);
Swoole\Coroutine\run(static function () use ($clients, $readers, $message, $seconds, $count, $done, &$before, &$most): void {
    $server = new Swoole\Coroutine\Http\Server('127.0.0.1', 0);
    $all = [];
    $server->handle('/', static function ($request, $response) use (&$all, $readers, $message, $seconds, $count, $done, &$before, &$most): void {
        $response->upgrade();
        $all[] = $response;
        if (count($all) <= $readers) {
            $response->recv(-1);
            return;
        }
        $before = resident();
        $end = microtime(true) + $seconds;
        Swoole\Timer::tick(EVERY, static function () use (&$all, $message, $end, $count, $done, &$most): void {
            // outside of coroutines push() says at once that there is no room
            foreach ($all as $one) {
                $count(@$one->push($message));
            }
            $most = max($most, resident());
            if (microtime(true) > $end) {
                $done();
            }
        });
        $response->recv(-1);
    });
    $process = $clients($server->port);
    $server->start();
});
