<?php

declare(strict_types=1);

// Coroutines ask a MariaDB of their own through one MySQLPool while it is killed with SIGKILL again and again and started anew:
//
//   php -d extension=target/release/libsteelwool.so benches/stress/mysql_killed.php [KILLS=10] [COROUTINES=48] [SIZE OF THE POOL=16]
//
// Prints what happened and "ok", or the first thing that is wrong. What must hold: every call answers or fails within its time-out, no answer
// belongs to another question, a transaction is there as a whole or not at all, and once the server answers the pool does so within a second.

use Swoole\Coroutine;
use Swoole\Coroutine\MySQL;
use Swoole\Database\MySQLConfig;
use Swoole\Database\MySQLPool;

require __DIR__ . '/../../php-tests/include/MariaDb.php';

final class Killed
{
    /** Seconds that a call may take. */
    private const LIMIT = 2.0;
    /** Seconds more that a busy machine may need to notice. */
    private const GRACE = 1.0;

    private int $answers = 0;
    private float $longest = 0;
    /** @var array<string, int> */
    private array $failures = [];
    private bool $end = false;
    /** @var list<float> when each coroutine had its last answer */
    private array $last = [];

    public function __construct(private MariaDb $server, private MySQLPool $pool, private int $coroutines)
    {
    }

    public function run(int $kills): void
    {
        $setup = $this->pool->get();
        $setup->query('CREATE TABLE pairs (who INT PRIMARY KEY, a INT, b INT)') || $this->wrong($setup->error);
        foreach (range(0, $this->coroutines - 1) as $who) {
            $setup->query("INSERT INTO pairs VALUES ($who, 0, 0)");
        }
        $this->pool->put($setup);
        $group = new Coroutine\WaitGroup();
        foreach (range(0, $this->coroutines - 1) as $who) {
            $group->add();
            go(function () use ($group, $who): void {
                $this->ask($who);
                $group->done();
            });
        }
        for ($kill = 1; $kill <= $kills; $kill++) {
            Coroutine::sleep(0.5);
            $this->everybodySince(microtime(true));
            $this->server->kill();
            $this->server->start();
            $up = $this->answering();
            $first = $this->firstSince($up) - $up;
            $all = $this->everybodySince($up) - $up;
            printf("%2d: first answer %3d ms after the server was back, everybody %3d ms; %s\n", $kill, $first * 1e3, $all * 1e3, json_encode($this->pool->stats()));
            if ($first > 1) {
                $this->wrong("the pool took $first s to heal");
            }
        }
        $this->end = true;
        $group->wait();
        echo "$this->answers answers, ", array_sum($this->failures), " failures, the longest call ", round($this->longest, 3), " s\n";
        arsort($this->failures);
        foreach ($this->failures as $text => $count) {
            printf("%8d %s\n", $count, $text);
        }
    }

    private function ask(int $who): void
    {
        $this->last[$who] = 0;
        for ($i = 0; !$this->end; $i++) {
            $connection = null;
            try {
                $connection = $this->timed(fn () => $this->pool->get(self::LIMIT));
                if ($connection === false) {
                    $this->failed('no connection came free in time');
                    continue;
                }
                if ($this->exchange($connection, $who, $i)) {
                    $this->answers++;
                    $this->last[$who] = microtime(true);
                } else {
                    $this->failed($connection->error);
                }
            } catch (MySQL\Exception $error) {
                $this->failed($error->getMessage());
                Coroutine::sleep(0.005);
            }
            $this->pool->put($connection);
        }
    }

    /** One exchange of the three kinds; whether it was answered. */
    private function exchange(MySQL $mysql, int $who, int $i): bool
    {
        $question = "$who-$i";
        if ($i % 3 === 0) {
            $rows = $this->timed(static fn () => $mysql->query("SELECT '$question' AS answer", self::LIMIT));
        } elseif ($i % 3 === 1) {
            $statement = $this->timed(static fn () => $mysql->prepare('SELECT ? AS answer', self::LIMIT));
            $rows = $statement ? $this->timed(static fn () => $statement->execute([$question], self::LIMIT)) : false;
        } else {
            $steps = ['BEGIN', "UPDATE pairs SET a = a + 1 WHERE who = $who", "UPDATE pairs SET b = b + 1 WHERE who = $who", 'COMMIT'];
            foreach ($steps as $sql) {
                if (!$this->timed(static fn () => $mysql->query($sql, self::LIMIT))) {
                    return false;
                }
            }
            $rows = $this->timed(static fn () => $mysql->query("SELECT IF(a = b, '$question', 'half a transaction') AS answer FROM pairs WHERE who = $who", self::LIMIT));
        }
        if ($rows === false) {
            return false;
        }
        if ($rows[0]['answer'] !== $question) {
            $this->wrong("$question was answered with {$rows[0]['answer']}");
        }
        return true;
    }

    private function timed(callable $call): mixed
    {
        $start = microtime(true);
        try {
            return $call();
        } finally {
            $took = microtime(true) - $start;
            $this->longest = max($this->longest, $took);
            if ($took > self::LIMIT + self::GRACE) {
                $this->wrong("a call took $took s");
            }
        }
    }

    private function failed(string $text): void
    {
        $this->failures[$text] = ($this->failures[$text] ?? 0) + 1;
    }

    /** When the server answers somebody who is not the pool. */
    private function answering(): float
    {
        $limit = microtime(true) + 60;
        while (microtime(true) < $limit) {
            $mysql = new MySQL();
            $to = ['host' => '127.0.0.1', 'port' => $this->server->port, 'user' => $this->server->user, 'password' => $this->server->password];
            if ($mysql->connect($to + ['database' => $this->server->database, 'timeout' => 1]) && $mysql->query('SELECT 1')) {
                return microtime(true);
            }
            Coroutine::sleep(0.002);
        }
        $this->wrong('the server does not come back');
    }

    private function firstSince(float $when): float
    {
        $this->until(fn () => max($this->last) >= $when);
        return max($this->last);
    }

    private function everybodySince(float $when): float
    {
        $this->until(fn () => min($this->last) >= $when);
        return microtime(true);
    }

    private function until(callable $true): void
    {
        $limit = microtime(true) + 30;
        while (!$true()) {
            microtime(true) < $limit || $this->wrong('somebody gets no answers');
            Coroutine::sleep(0.001);
        }
    }

    private function wrong(string $text): never
    {
        echo "WRONG: $text\n";
        $this->server->stop();
        exit(1);
    }
}

$server = new MariaDb();
Coroutine\run(static function () use ($server, $argv): void {
    $config = (new MySQLConfig())
        ->withPort($server->port)
        ->withUsername($server->user)
        ->withPassword($server->password)
        ->withDbname($server->database)
        ->withOptions(['timeout' => 2, 'strict_type' => true]);
    (new Killed($server, new MySQLPool($config, (int) ($argv[3] ?? 16)), (int) ($argv[2] ?? 48)))->run((int) ($argv[1] ?? 10));
});
$server->stop();
echo "ok\n";
