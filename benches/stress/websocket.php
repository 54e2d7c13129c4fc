<?php

declare(strict_types=1);

// php -d extension=... benches/stress/websocket.php base|process|coroutine [SECONDS [READERS]]
//
// 300 clients that read nothing, and a message of 64 KiB to all of them every 50 ms: memory must not grow beyond what the connections'
// queues may hold and 64 MiB, and push() must say that it fails. One more client reads all the time and is told what it got.
// Ends with 0 when all that is so.

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
    $at = $start = microtime(true);
    for ($bytes = $longest = 0; !feof($awake); $at = microtime(true)) {
        $bytes += strlen((string) fread($awake, 1 << 20));
        $longest = max($longest, microtime(true) - $at);
    }
    printf("the one that reads got %d messages in %.1f s, waited %.2f s at most\n", intdiv($bytes, MESSAGE + 10), microtime(true) - $start, $longest);
    exit;
}

/** Resident memory of these processes in bytes. */
function resident(int ...$pids): int
{
    return array_sum(array_map(static fn ($pid) => (int) explode(' ', file_get_contents("/proc/$pid/statm"))[1] * 4096, $pids));
}

/** What is sent and what comes of it. */
final class Broadcast
{
    private string $message;
    private int $before = 0;
    private int $most = 0;
    private int $sent = 0;
    private int $failed = 0;
    private int $rounds = 0;
    private array $errors = [];
    public bool $fine = false;
    private float $end;

    /** `$pids` are the processes whose memory counts. */
    public function __construct(private array $pids, private readonly int $readers, private readonly float $seconds)
    {
        $this->message = str_repeat('x', MESSAGE);
    }

    /** Sends by `$push` to each of those that `$all` gives, again and again, and calls `$done` at the end. Never waits for anyone. */
    public function start(callable $all, callable $push, callable $done): void
    {
        $this->before = resident(...$this->pids);
        $this->end = microtime(true) + $this->seconds;
        $timer = Swoole\Timer::tick(EVERY, function () use ($all, $push, $done, &$timer): void {
            $this->rounds++;
            foreach ($all() as $one) {
                if (@$push($one, $this->message)) {
                    $this->sent++;
                } else {
                    $this->failed++;
                    $code = swoole_last_error();
                    $this->errors[$code] = ($this->errors[$code] ?? 0) + 1;
                }
            }
            $this->most = max($this->most, resident(...$this->pids));
            if (microtime(true) > $this->end) {
                Swoole\Timer::clear($timer);
                $this->judge();
                $done();
            }
        });
    }

    private function judge(): void
    {
        $allowed = $this->readers * QUEUE + (64 << 20);
        printf("%d rounds: %d sent, %d not (%s)\nresident at most %.1f MiB more than before, %.1f allowed\n", $this->rounds, $this->sent, $this->failed,
            implode(', ', array_map(fn ($code) => swoole_strerror($code, 9) . " x {$this->errors[$code]}", array_keys($this->errors))),
            ($this->most - $this->before) / 1048576, $allowed / 1048576);
        $this->fine = $this->most - $this->before <= $allowed && $this->failed > 0;
        echo $this->fine ? "fine\n" : "FAILED\n";
    }
}

$clients = static fn (int $port) => proc_open([PHP_BINARY, '-n', __FILE__, 'clients', (string) $seconds, (string) $readers, (string) $port], [1 => STDOUT], $pipes);
// callbacks of timers are no coroutines: push() says at once that there is no room, instead of waiting for it
swoole_async_set(['enable_coroutine' => false]);
if ($style !== 'coroutine') {
    $server = new Swoole\WebSocket\Server('127.0.0.1', 0, $style === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
    $server->set(['worker_num' => 1, 'socket_buffer_size' => QUEUE, 'send_yield' => false, 'enable_coroutine' => false, 'log_level' => SWOOLE_LOG_NONE]);
    $open = 0;
    $fine = new Swoole\Atomic(0);
    $server->on('workerStart', static function () use ($server, $clients, &$process): void {
        $process = $clients($server->port);
    });
    $server->on('open', static function () use ($server, &$open, $readers, $seconds, $fine): void {
        if (++$open <= $readers) {
            return;
        }
        $broadcast = new Broadcast(array_unique([getmypid(), $server->master_pid]), $readers, $seconds);
        $broadcast->start(static fn () => $server->connections, $server->push(...), static function () use ($server, $broadcast, $fine): void {
            $fine->set((int) $broadcast->fine);
            $server->shutdown();
        });
    });
    $server->on('message', static fn () => null);
    $server->start();
    exit($fine->get() === 1 ? 0 : 1);
}
$broadcast = new Broadcast([getmypid()], $readers, $seconds);
Swoole\Coroutine\run(static function () use ($clients, $readers, $broadcast): void {
    $server = new Swoole\Coroutine\Http\Server('127.0.0.1', 0);
    $all = [];
    $server->handle('/', static function ($request, $response) use ($server, &$all, $readers, $broadcast): void {
        $response->upgrade();
        $all[] = $response;
        if (count($all) > $readers) {
            $broadcast->start(static fn () => $all, static fn ($one, $message) => $one->push($message), static function () use ($server, &$all): void {
                $server->shutdown();
                foreach ($all as $one) {
                    $one->close();
                }
            });
        }
        $response->recv(-1);
    });
    $process = $clients($server->port);
    $server->start();
});
exit($broadcast->fine ? 0 : 1);
