<?php

declare(strict_types=1);

// websocket.php server|process|coroutine echo SIZE       64 clients send messages of SIZE bytes and get them back; CPU of the server for each
// websocket.php server|process|coroutine broadcast SIZE  one client has a message sent to 1,000; CPU of the server for each time
// `server` is one process (SWOOLE_BASE), `process` three of them (SWOOLE_PROCESS), whose CPU is added up.
// The clients are plain PHP in a process of its own: a frame that is ready is all that they send.

/** A masked text frame. */
function frame(string $data): string
{
    $length = strlen($data);
    $head = "\x81" . match (true) {
        $length < 126 => chr(0x80 | $length),
        $length < 65536 => "\xfe" . pack('n', $length),
        default => "\xff" . pack('J', $length),
    };
    $key = "\x01\x7f\xa5\x33";
    return $head . $key . ($data ^ substr(str_repeat($key, intdiv($length, 4) + 1), 0, $length));
}

/** A server's frame. */
function bare(string $data): string
{
    $length = strlen($data);
    return "\x81" . ($length < 126 ? chr($length) : "\x7e" . pack('n', $length)) . $data;
}

/** Reads as many bytes as this has, and ends when they are others. */
function expect($socket, string $wanted): void
{
    for ($got = ''; strlen($got) < strlen($wanted); $got .= $part) {
        $part = fread($socket, strlen($wanted) - strlen($got));
        $part === '' || $part === false ? exit("the connection ended\n") : null;
    }
    $got === $wanted || exit("something else came\n");
}

/** What the server says next, one short frame. */
function answer($socket): string
{
    $head = fread($socket, 2);
    return fread($socket, ord($head[1]));
}

function clients(int $port, int $count): array
{
    $all = [];
    for ($n = 0; $n < $count; $n++) {
        $all[] = $socket = stream_socket_client("tcp://127.0.0.1:$port", $code, $text, 20);
        fwrite($socket, "GET / HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            . "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        while (($line = fgets($socket)) !== "\r\n" && $line !== false);
        $line === false && exit("no handshake\n");
    }
    return $all;
}

[, $style, $what, $size] = $argv;
if ($style === 'clients') {
    // what is echo or broadcast, $size bytes, $argv[4] the port
    $message = str_repeat('x', (int) $size);
    [$asks, $wanted] = [frame($message), bare($message)];
    $all = clients((int) $argv[4], $what === 'echo' ? 64 : 1000);
    $rounds = $what === 'echo' ? (int) min(2000, 20_000_000 / $size) : 300;
    $once = static function () use ($all, $asks, $wanted, $what): void {
        if ($what === 'echo') {
            foreach ($all as $socket) {
                fwrite($socket, $asks);
            }
        } else {
            fwrite($all[0], $asks);
        }
        foreach ($all as $socket) {
            expect($socket, $wanted);
        }
    };
    $used = static function () use ($all): float {
        fwrite($all[0], frame('cpu'));
        return (float) answer($all[0]);
    };
    for ($n = 0; $n < 20; $n++) {
        $once();
    }
    $start = $used();
    for ($n = 0; $n < $rounds; $n++) {
        $once();
    }
    $each = ($used() - $start) / $rounds / ($what === 'echo' ? count($all) : 1);
    echo json_encode(['cpu_ns' => $each * 1e9, 'cpu_us' => $each * 1e6]), "\n";
    fwrite($all[0], frame('end'));
    exit;
}

require __DIR__ . '/measure.php';

$start = static fn (int $port) => proc_open([PHP_BINARY, '-n', __FILE__, 'clients', $what, $size, (string) $port], [1 => STDOUT], $pipes);
if ($style !== 'coroutine') {
    $first = getmypid();
    /** CPU seconds of the first process, the manager and this one, and of all their threads. */
    $used = static function () use ($first, &$manager): float {
        $nanoseconds = 0;
        foreach (array_unique(array_filter([$first, $manager, getmypid()])) as $pid) {
            foreach (glob("/proc/$pid/task/*/schedstat") as $file) {
                $nanoseconds += (int) file_get_contents($file);
            }
        }
        return $nanoseconds / 1e9;
    };
    $server = new Swoole\WebSocket\Server('127.0.0.1', 0, $style === 'process' ? SWOOLE_PROCESS : SWOOLE_BASE);
    $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_ERROR]);
    $server->on('workerStart', static function () use ($server, $style, $start, &$process, &$manager): void {
        $manager = $style === 'process' ? posix_getppid() : 0;
        $process = $start($server->port);
    });
    $server->on('open', static fn () => null);
    $server->on('message', static function ($server, $frame) use ($what, $used): void {
        if (strlen($frame->data) === 3) {
            $frame->data === 'cpu' ? $server->push($frame->fd, (string) $used()) : $server->shutdown();
        } elseif ($what === 'echo') {
            $server->push($frame->fd, $frame->data);
        } else {
            foreach ($server->connections as $fd) {
                if ($server->isEstablished($fd)) {
                    $server->push($fd, $frame->data);
                }
            }
        }
    });
    $server->start();
    exit;
}
Swoole\Coroutine\run(static function () use ($start, $what): void {
    $server = new Swoole\Coroutine\Http\Server('127.0.0.1', 0);
    $all = [];
    $server->handle('/', static function ($request, $response) use ($server, $what, &$all): void {
        $response->upgrade();
        $all[] = $response;
        while ($frame = $response->recv()) {
            if (strlen($frame->data) === 3) {
                $frame->data === 'cpu' ? $response->push((string) cpu_seconds()) : $server->shutdown();
            } elseif ($what === 'echo') {
                $response->push($frame->data);
            } else {
                foreach ($all as $other) {
                    $other->push($frame->data);
                }
            }
        }
    });
    $process = $start($server->port);
    $server->start();
});
