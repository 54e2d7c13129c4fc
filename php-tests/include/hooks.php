<?php

declare(strict_types=1);

/** Helpers for the tests of runtime hooks. */

require_once __DIR__ . '/bootstrap.php';

/** Seconds that `$count` coroutines take that each call `$call` with a number, under these hook flags. */
function seconds_of(int $count, Closure $call, int $flags = SWOOLE_HOOK_ALL): float
{
    Swoole\Coroutine::set(['hook_flags' => $flags]);
    $start = microtime(true);
    Swoole\Coroutine\run(static function () use ($count, $call): void {
        for ($i = 0; $i < $count; $i++) {
            Swoole\Coroutine::create($call, $i);
        }
    });
    return microtime(true) - $start;
}

/**
 * Prints whether `$count` calls of about `$one` seconds each take about as long as one, and whether they take their turns
 * when the flags `$off` are off.
 */
function show_concurrency(string $name, Closure $call, int $off, float $one = 0.2, int $count = 100, int $serial = 3): void
{
    $on = seconds_of($count, $call);
    $together = $on >= $one * 0.95 && $on < $one * $count * 0.6;
    $without = seconds_of($serial, $call, SWOOLE_HOOK_ALL & ~$off);
    $turns = $without >= $serial * $one * 0.95;
    printf(
        "%s: %s, %s\n",
        $name,
        $together ? 'together' : sprintf('%d took %.3f s', $count, $on),
        $turns ? 'in turns without the hook' : sprintf('%d took %.3f s without the hook', $serial, $without),
    );
}

/** Prints `$what` unless `$right`. */
function expect(bool $right, string $what): void
{
    if (!$right) {
        echo "wrong: $what\n";
    }
}

/** A program that serves until the test ends. */
final class Service
{
    /** @var resource */
    private $process;

    private function __construct(private string $folder, array $command)
    {
        $log = ['file', "$folder/log", 'a'];
        $this->process = proc_open($command, [['file', '/dev/null', 'r'], $log, $log], $pipes);
    }

    private static function folder(): string
    {
        $folder = sys_get_temp_dir() . '/steelwool-' . bin2hex(random_bytes(6));
        mkdir($folder);
        return $folder;
    }

    /** @return array{self, int} with its port */
    private static function on(int $port, array $command, string $folder): array
    {
        $service = new self($folder, $command);
        if (!wait_for_port($port, 30)) {
            throw new RuntimeException("$command[0] did not start: " . file_get_contents("$folder/log"));
        }
        return [$service, $port];
    }

    /** @return array{self, int} a Redis and its port */
    public static function redis(): array
    {
        $port = free_port();
        $folder = self::folder();
        $command = ['redis-server', '--port', "$port", '--bind', '127.0.0.1', '--save', '', '--dir', $folder];
        return self::on($port, $command, $folder);
    }

    /** @return array{self, int} a memcached and its port */
    public static function memcached(): array
    {
        $port = free_port();
        return self::on($port, [...self::user(), 'memcached', '-p', "$port", '-l', '127.0.0.1'], self::folder());
    }

    /** @return array{self, int} a PostgreSQL with the superuser postgres, without a password, and its port */
    public static function postgres(): array
    {
        $port = free_port();
        $folder = self::folder();
        $programs = glob('/usr/lib/postgresql/*/bin', GLOB_ONLYDIR);
        $bin = $programs ? end($programs) . '/' : '';
        $user = self::user();
        if ($user !== []) {
            chown($folder, 'nobody');
        }
        $made = run_command([...$user, "{$bin}initdb", '-D', "$folder/data", '-A', 'trust', '-U', 'postgres', '-N']);
        if ($made !== 0) {
            throw new RuntimeException('initdb failed');
        }
        $ready = static function () use ($port): bool {
            $link = @pg_connect("host=127.0.0.1 port=$port dbname=postgres user=postgres");
            // It would stay open as the default one.
            return $link !== false && pg_close($link);
        };
        $settings = ['-c', 'fsync=off', '-c', 'max_connections=150', '-c', "unix_socket_directories="];
        $command = [...$user, "{$bin}postgres", '-D', "$folder/data", '-p', "$port", '-h', '127.0.0.1', ...$settings];
        $server = self::on($port, $command, $folder);
        for ($i = 0; $i < 1000 && !$ready(); $i++) {
            usleep(10000);
        }
        return $server;
    }

    /** What runs a command as an ordinary user when this process is root. */
    private static function user(): array
    {
        return posix_geteuid() === 0 ? ['setpriv', '--reuid=nobody', '--regid=nogroup', '--clear-groups'] : [];
    }

    /** Stops it as a crash would. */
    public function kill(): void
    {
        proc_terminate($this->process, SIGKILL);
    }

    public function __destruct()
    {
        proc_terminate($this->process, SIGINT);
        for ($i = 0; $i < 500 && proc_get_status($this->process)['running']; $i++) {
            usleep(10000);
        }
        $this->kill();
        proc_close($this->process);
        run_command(['rm', '-rf', $this->folder]);
    }
}

/** Runs a command without output; its exit code. */
function run_command(array $command): int
{
    $nothing = ['file', '/dev/null', 'r+'];
    return proc_close(proc_open($command, [$nothing, $nothing, $nothing], $pipes));
}

/** A server that answers every HTTP request with "hello" after 0.2 s. */
function slow_http_server(): ServerProcess
{
    return ServerProcess::start(<<<'PHP'
        <?php
        Swoole\Coroutine\run(static function () use ($argv): void {
            $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) $argv[1]);
            $server->handle('/', static function ($request, $response): void {
                Swoole\Coroutine::sleep(0.2);
                $response->end('hello');
            });
            $server->start();
        });
        PHP);
}
