<?php

declare(strict_types=1);

// All families of runtime hooks at random in one process, with coroutines that are cancelled and servers that are killed:
//
//   php -d extension=target/release/libsteelwool.so -d memory_limit=-1 benches/stress/hooks.php [SECONDS=600 [SEED=1 [LANES=60]]]
//
// Every lane starts one call after the other in a coroutine of its own; one in ten is cancelled after at most 30 ms, the others after 0.6 s. Every
// 15 s one of the servers is killed with SIGKILL and started anew. Prints a line every 5 s, what was called, how calls failed, and "ok" when no
// answer belonged to another question, every cancelled coroutine was gone within 10 s, and after a quarter of the time neither memory (8 MiB) nor
// open descriptors (of the whole when nothing runs) have grown. Families whose extension or server is missing are left out, and named.

use Swoole\Coroutine;

require __DIR__ . '/../../php-tests/include/hooks.php';
require __DIR__ . '/../../php-tests/include/certificates.php';
require __DIR__ . '/../../php-tests/include/MariaDb.php';

final class Mix
{
    /** Bytes by which the process may grow after its first quarter. */
    private const MAY_GROW = 8 << 20;

    /** @var array<string, Closure> */
    private array $calls = [];
    /** @var array<string, array{int, object}> port and process by name */
    private array $servers = [];
    /** @var array<string, Closure> */
    private array $starts = [];
    /** @var array<string, int> */
    private array $done = [];
    /** @var array<string, int> */
    private array $failures = [];
    /** @var list<string> */
    private array $wrong = [];
    private int $cancelled = 0;
    private string $folder;
    private mixed $silent;

    public function __construct()
    {
        $this->folder = certificates();
        $this->serve('http', fn (): array => $this->http(false));
        $this->serve('https', fn (): array => $this->http(true));
        $this->optional('redis', extension_loaded('redis'), Service::redis(...));
        $this->optional('memcached', extension_loaded('memcached'), Service::memcached(...));
        $this->optional('postgres', extension_loaded('pdo_pgsql') && extension_loaded('pgsql'), Service::postgres(...));
        $this->optional('mariadb', extension_loaded('pdo_mysql') && extension_loaded('mysqli'), static function (): array {
            $server = new MariaDb();
            return [$server, $server->port];
        });
        $context = stream_context_create(['socket' => ['backlog' => 1000]]);
        $this->silent = stream_socket_server('tcp://127.0.0.1:0', context: $context, flags: STREAM_SERVER_BIND | STREAM_SERVER_LISTEN);
        $this->calls();
    }

    private function serve(string $name, Closure $start): void
    {
        [$server, $port] = $start();
        $this->servers[$name] = [$port, $server];
        $this->starts[$name] = $start;
    }

    private function optional(string $name, bool $loaded, Closure $start): void
    {
        try {
            $loaded ? $this->serve($name, $start) : throw new RuntimeException('no extension');
        } catch (RuntimeException $none) {
            echo "without $name: {$none->getMessage()}\n";
        }
    }

    private function port(string $name): int
    {
        return $this->servers[$name][0];
    }

    /** @return array{ServerProcess, int} */
    private function http(bool $secure): array
    {
        $server = ServerProcess::start(<<<'PHP'
            Swoole\Coroutine\run(static function (): void {
                $secure = (bool) getenv('FOLDER');
                $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'), $secure);
                $certificate = getenv('FOLDER') . '/localhost';
                $server->set($secure ? ['ssl_cert_file' => "$certificate.crt", 'ssl_key_file' => "$certificate.key"] : []);
                $server->handle('/', static function ($request, $response): void {
                    Swoole\Coroutine::sleep(mt_rand(0, 20) / 1000);
                    $response->end('hello ' . $request->server['request_uri']);
                });
                $server->start();
            });
            PHP, [], ['FOLDER' => $secure ? $this->folder : '']);
        return [$server, $server->port];
    }

    /** Fails the whole run. */
    private function expect(bool $right, string $what): void
    {
        if (!$right && count($this->wrong) < 20) {
            $this->wrong[] = $what;
        }
    }

    private function calls(): void
    {
        $silent = (int) substr(strrchr(stream_socket_get_name($this->silent, false), ':'), 1);
        $calls = [
            'usleep' => static fn () => usleep(mt_rand(0, 20000)),
            'time_nanosleep' => static fn () => time_nanosleep(0, mt_rand(0, 20_000_000)),
            'file_get_contents http' => function (): void {
                $path = '/' . mt_rand();
                $context = stream_context_create(['http' => ['timeout' => mt_rand(1, 40) / 100]]);
                $body = file_get_contents("http://localhost:{$this->port('http')}$path", false, $context);
                $this->expect($body === false || $body === '' || str_starts_with("hello $path", $body), "http: $body");
            },
            'file_get_contents https' => function (): void {
                $path = '/' . mt_rand();
                $ssl = ['cafile' => "$this->folder/ca.crt", 'peer_name' => 'localhost'];
                $context = stream_context_create(['http' => ['timeout' => mt_rand(1, 40) / 100], 'ssl' => $ssl]);
                $body = file_get_contents("https://127.0.0.1:{$this->port('https')}$path", false, $context);
                $this->expect($body === false || $body === '' || str_starts_with("hello $path", $body), "https: $body");
            },
            'stream that stays silent' => static function () use ($silent): void {
                $socket = stream_socket_client("tcp://127.0.0.1:$silent");
                if ($socket) {
                    stream_set_timeout($socket, 0, mt_rand(1000, 50000));
                    fgets($socket);
                }
            },
            'stream pair' => static function (): void {
                [$left, $right] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
                $length = mt_rand(1, 300000);
                Coroutine::create(static function () use ($right, $length): void {
                    fwrite($right, str_repeat('y', $length));
                    mt_rand(0, 1) && usleep(1000);
                    fclose($right);
                });
                stream_get_contents($left);
            },
            'closed under a reader' => static function (): void {
                [$left] = $pair = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
                Coroutine::create(static fn () => fread($left, 10));
                usleep(mt_rand(0, 2000));
                fclose($left);
            },
            'stream_select' => static function (): void {
                $pairs = [];
                for ($i = 0; $i < 4; $i++) {
                    $pairs[] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
                }
                [$read, $write, $except] = [array_column($pairs, 0), null, null];
                Coroutine::create(static function () use ($pairs): void {
                    usleep(mt_rand(0, 3000));
                    fwrite($pairs[mt_rand(0, 3)][1], 'x');
                });
                stream_select($read, $write, $except, 0, mt_rand(1000, 9000));
            },
            'udp' => static function (): void {
                $server = stream_socket_server('udp://127.0.0.1:0', flags: STREAM_SERVER_BIND);
                $client = stream_socket_client('udp://' . stream_socket_get_name($server, false));
                Coroutine::create(static function () use ($client): void {
                    usleep(mt_rand(0, 3000));
                    fwrite($client, 'x');
                });
                stream_socket_recvfrom($server, 10);
            },
            'proc_open' => static function (): void {
                $process = proc_open(['sh', '-c', 'sleep 0.0' . mt_rand(0, 5) . '; echo x 2>&-'], [1 => ['pipe', 'w']], $pipes);
                stream_get_contents($pipes[1]);
                proc_close($process);
            },
            'exec' => static fn () => exec('echo hi 2>&-'),
            'pclose' => static fn () => pclose(popen('sleep 0.02', 'w')),
            'flock' => function (): void {
                $file = fopen("$this->folder/lock", 'c');
                if (flock($file, LOCK_EX)) {
                    usleep(100);
                    mt_rand(0, 1) && flock($file, LOCK_UN);
                }
            },
            'files' => function (): void {
                $name = "$this->folder/f" . mt_rand(0, 50);
                file_put_contents($name, str_repeat('z', mt_rand(1, 100000)), LOCK_EX);
                file_get_contents($name);
            },
            'gethostbyname' => static fn () => gethostbyname(mt_rand(0, 1) ? 'localhost' : 'nope.invalid'),
            'ext/sockets' => function (): void {
                $socket = socket_create(AF_INET, SOCK_STREAM, 0);
                socket_set_option($socket, SOL_SOCKET, SO_RCVTIMEO, ['sec' => 0, 'usec' => mt_rand(1000, 300000)]);
                if (socket_connect($socket, '127.0.0.1', $this->port('http'))) {
                    socket_write($socket, "GET / HTTP/1.0\r\nHost: x\r\n\r\n");
                    while (($bytes = socket_read($socket, 1000)) !== '' && $bytes !== false);
                }
            },
            'curl_exec' => function (): void {
                $path = '/' . mt_rand();
                $curl = curl_init((mt_rand(0, 1) ? 'http://127.0.0.1:' : 'http://localhost:') . $this->port('http') . $path);
                curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT_MS => mt_rand(1, 400)]);
                $body = curl_exec($curl);
                $this->expect($body === false || $body === "hello $path", "curl: $body");
            },
            'curl_multi' => function (): void {
                $multi = curl_multi_init();
                for ($i = 0; $i < 3; $i++) {
                    $curl = curl_init("http://127.0.0.1:{$this->port('http')}/");
                    curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 5]);
                    curl_multi_add_handle($multi, $curl);
                }
                do {
                    $status = curl_multi_exec($multi, $running);
                } while ($running && $status === CURLM_OK && curl_multi_select($multi, 0.1) >= 0);
            },
            'sqlite' => function (): void {
                $sqlite = new PDO("sqlite:$this->folder/db", options: [PDO::ATTR_TIMEOUT => 1]);
                $sqlite->exec('CREATE TABLE IF NOT EXISTS t (a INT); BEGIN IMMEDIATE; DELETE FROM t; INSERT INTO t VALUES (1)');
                usleep(500);
                $sqlite->exec('COMMIT');
            },
            'redis' => function (): void {
                $redis = new Redis();
                $redis->connect('127.0.0.1', $this->port('redis'), 2);
                $key = 'k' . mt_rand();
                $redis->set($key, $key);
                $got = $redis->get($key);
                $this->expect($got === false || $got === $key, "redis: $got");
                $redis->setOption(Redis::OPT_READ_TIMEOUT, 0.02);
                try {
                    $redis->blpop(["none$key"], 1);
                } catch (RedisException) {
                    // in time
                }
            },
            'memcached' => function (): void {
                $memcached = new Memcached();
                $memcached->addServer('127.0.0.1', $this->port('memcached'));
                $key = 'm' . mt_rand();
                $got = $memcached->set($key, $key) ? $memcached->get($key) : false;
                $this->expect($got === false || $got === $key, "memcached: $got");
            },
            'PDO PostgreSQL' => function (): void {
                $number = mt_rand();
                $pdo = new PDO("pgsql:host=127.0.0.1;port={$this->port('postgres')};user=postgres;dbname=postgres");
                $row = $pdo->query("SELECT pg_sleep(0.005), $number")->fetch(PDO::FETCH_NUM);
                $this->expect(!$row || $row[1] == $number, 'PostgreSQL');
            },
            'PDO MySQL' => function (): void {
                $number = mt_rand();
                $pdo = new PDO("mysql:host=127.0.0.1;port={$this->port('mariadb')};dbname=test", 'root', 'password');
                $statement = $pdo->prepare('SELECT SLEEP(0.005), ?');
                $statement->execute([$number]);
                $row = $statement->fetch(PDO::FETCH_NUM);
                $this->expect(!$row || $row[1] == $number, 'PDO MySQL');
            },
            'mysqli' => function (): void {
                $number = mt_rand();
                $mysqli = new mysqli('127.0.0.1', 'root', 'password', 'test', $this->port('mariadb'));
                $row = $mysqli->query("SELECT SLEEP(0.005), $number")->fetch_row();
                $this->expect(!$row || $row[1] == $number, 'mysqli');
            },
        ];
        $needs = ['redis' => 'redis', 'memcached' => 'memcached', 'PDO PostgreSQL' => 'postgres', 'PDO MySQL' => 'mariadb', 'mysqli' => 'mariadb'];
        $extensions = ['ext/sockets' => 'sockets', 'curl_exec' => 'curl', 'curl_multi' => 'curl', 'sqlite' => 'pdo_sqlite'];
        foreach ($calls as $name => $call) {
            if (isset($this->servers[$needs[$name] ?? 'http']) && extension_loaded($extensions[$name] ?? 'standard')) {
                $this->calls[$name] = $call;
                $this->done[$name] = 0;
            }
        }
    }

    /** One call after the other, until the time is over. */
    private function lane(float $end): void
    {
        while (microtime(true) < $end) {
            $name = array_rand($this->calls);
            $call = Coroutine::create(function () use ($name): void {
                try {
                    ($this->calls[$name])();
                    $this->done[$name]++;
                } catch (Throwable $error) {
                    $words = preg_replace('/\d+/', 'N', substr($error->getMessage(), 0, 50));
                    $key = $name . ': ' . $error::class . " $words";
                    $this->failures[$key] = ($this->failures[$key] ?? 0) + 1;
                }
            });
            if ($call === false || Coroutine::join([$call], mt_rand(0, 9) === 0 ? mt_rand(1, 30) / 1000 : 0.6)) {
                continue;
            }
            if (Coroutine::cancel($call)) {
                $this->cancelled++;
            }
            for ($tries = 0; Coroutine::exists($call) && !Coroutine::join([$call], 0.05) && $tries < 200; $tries++) {
                // what is called from a destructor or between two waits goes on, into the next wait
                Coroutine::cancel($call);
            }
            $this->expect(!Coroutine::exists($call), "$name is still there after it was cancelled");
        }
    }

    /** Kills one of the servers after the other. */
    private function kill(float $end): void
    {
        for ($turn = 0; microtime(true) + 20 < $end; $turn++) {
            Coroutine::sleep(15);
            $name = array_keys($this->servers)[$turn % count($this->servers)];
            $server = $this->servers[$name][1];
            $server->kill();
            if ($server instanceof MariaDb) {
                $server->start();
                continue;
            }
            [$server, $port] = ($this->starts[$name])();
            $this->servers[$name] = [$port, $server];
        }
    }

    private static function resident(): int
    {
        return (int) explode(' ', file_get_contents('/proc/self/statm'))[1] * 4096;
    }

    /** @return array<int, string> what is open, by number */
    private static function descriptors(): array
    {
        $open = [];
        foreach (scandir('/proc/self/fd') as $number) {
            $name = @readlink("/proc/self/fd/$number");
            if ($name !== false && is_numeric($number)) {
                $open[$number] = $name;
            }
        }
        return $open;
    }

    /** A descriptor's name; for a socket with what the kernel knows about it. */
    private static function named(string $name): string
    {
        foreach (preg_match('/^socket:\[(\d+)]$/', $name, $found) ? ['tcp', 'tcp6', 'udp', 'unix'] : [] as $kind) {
            foreach (file("/proc/self/net/$kind") as $line) {
                if (in_array($found[1], preg_split('/\s+/', trim($line)), true)) {
                    return "$name $kind " . preg_replace('/\s+/', ' ', trim($line));
                }
            }
        }
        return $name;
    }

    public function run(float $seconds, int $lanes): bool
    {
        // The runtime of one loop is kept for the next.
        Coroutine\run(static fn () => Coroutine::sleep(0.001));
        $before = self::descriptors();
        $largest = [0, 0];
        Coroutine::set(['hook_flags' => SWOOLE_HOOK_ALL]);
        Coroutine\run(function () use ($seconds, $lanes, &$largest): void {
            $end = microtime(true) + $seconds;
            $group = new Coroutine\WaitGroup();
            for ($lane = 0; $lane < $lanes; $lane++) {
                $group->add();
                go(function () use ($end, $group): void {
                    $this->lane($end);
                    $group->done();
                });
            }
            go(fn () => $this->kill($end));
            go(static function () use ($end, $seconds, &$largest): void {
                while (($left = $end - microtime(true)) > 0) {
                    Coroutine::sleep(min(5, $left));
                    gc_collect_cycles();
                    $late = (int) ($left < $seconds * 0.75);
                    $largest[$late] = max($largest[$late], self::resident());
                    $number = Coroutine::stats()['coroutine_num'];
                    printf("%4d s left: %5.1f MiB, %d descriptors, %d coroutines\n", $left, self::resident() / 2 ** 20, count(self::descriptors()), $number);
                }
            });
            $group->wait();
        });
        gc_collect_cycles();
        $left = array_count_values(self::descriptors());
        foreach ($before as $name) {
            $left[$name] = ($left[$name] ?? 0) - 1;
        }
        $left = array_keys(array_filter($left, static fn (int $count): bool => $count > 0));
        ksort($this->failures);
        echo implode(', ', array_map(static fn (string $name, array $server): string => "$name on port $server[0]", array_keys($this->servers), $this->servers)), "\n";
        foreach ($this->done + ['cancelled' => $this->cancelled] as $name => $count) {
            echo "$name: $count\n";
        }
        foreach ($this->failures as $words => $count) {
            echo "  $words: $count\n";
        }
        foreach ($this->done as $name => $count) {
            $this->expect($count > 0, "$name never worked");
        }
        printf("largest: %.1f MiB in the first quarter, %.1f later\n", $largest[0] / 2 ** 20, $largest[1] / 2 ** 20);
        $this->expect($left === [], 'left open: ' . implode(', ', array_map(self::named(...), $left)));
        $this->expect($largest[1] <= $largest[0] + self::MAY_GROW, 'memory has grown');
        array_map(static fn (string $words) => print("WRONG: $words\n"), $this->wrong);
        return $this->wrong === [];
    }
}

error_reporting(E_ALL & ~E_WARNING & ~E_NOTICE);
mt_srand((int) ($argv[2] ?? 1));
$fine = (new Mix())->run((float) ($argv[1] ?? 600), (int) ($argv[3] ?? 60));
echo $fine ? "ok\n" : "not ok\n";
exit($fine ? 0 : 1);
