<?php

declare(strict_types=1);

// Processes hammer one Table and two Locks while one of them is killed with SIGKILL again and again and replaced:
//
//   php -d extension=target/release/libsteelwool.so benches/stress/shared_memory.php [SECONDS=60] [PROCESSES=8] [SECONDS BETWEEN KILLS=1]
//
// Prints what happened and "ok", or the first thing that is wrong. What must hold: no reader sees half a row; a lock has one holder, and
// never one who is dead; every counter is what the processes wrote down, and at most one call of each killed process more.

use Swoole\Atomic;
use Swoole\Lock;
use Swoole\Table;

final class Stress
{
    private const TEXT = 48;

    private Table $table;
    private Lock $mutex;
    private Lock $readWrite;
    /** Tells the workers to end. */
    private Atomic $stop;
    /** The first complaint of a worker: its number, see {@see complain()}. */
    private Atomic\Long $complaint;
    /** Who is inside of the mutex. */
    private Atomic\Long $inside;
    /** Numbers that are equal whenever nobody is inside of the mutex, and of the write lock. */
    private array $mutexPair;
    private array $readWritePair;
    /** By place: counted calls that were begun and that returned. */
    private array $begun = [];
    private array $returned = [];
    private array $rounds = [];
    /** By place: pid. */
    private array $workers = [];
    private int $kills = 0;
    private int $inFlight = 0;

    public function __construct(private int $processes)
    {
        $this->table = new Table(64, 1);
        $this->table->column('n', Table::TYPE_INT);
        $this->table->column('minus', Table::TYPE_INT);
        $this->table->column('text', Table::TYPE_STRING, self::TEXT);
        $this->table->column('half', Table::TYPE_FLOAT);
        $this->table->create();
        $this->mutex = new Lock(Lock::MUTEX);
        $this->readWrite = new Lock(Lock::RWLOCK);
        $this->stop = new Atomic();
        $this->complaint = new Atomic\Long();
        $this->inside = new Atomic\Long();
        $this->mutexPair = [new Atomic\Long(), new Atomic\Long()];
        $this->readWritePair = [new Atomic\Long(), new Atomic\Long()];
        for ($place = 0; $place < $processes; $place++) {
            $this->begun[] = new Atomic\Long();
            $this->returned[] = new Atomic\Long();
            $this->rounds[] = new Atomic\Long();
        }
    }

    /** @return list<string> what is wrong */
    public function run(float $seconds, float $interval): array
    {
        for ($place = 0; $place < $this->processes; $place++) {
            $this->start($place);
        }
        $end = microtime(true) + $seconds;
        while (microtime(true) + $interval < $end && $this->complaint->get() === 0) {
            usleep((int) ($interval * 1e6));
            $this->replace(random_int(0, $this->processes - 1));
        }
        $before = array_map(static fn (Atomic\Long $rounds) => $rounds->get(), $this->rounds);
        usleep(200_000);
        $wrong = [];
        foreach ($this->rounds as $place => $rounds) {
            if ($rounds->get() === $before[$place]) {
                $wrong[] = "process $place does not get on";
            }
        }
        $this->stop->set(1);
        $limit = microtime(true) + 5;
        foreach ($this->workers as $place => $pid) {
            while (pcntl_waitpid($pid, $status, WNOHANG) === 0) {
                if (microtime(true) > $limit) {
                    $wrong[] = "process $place hangs";
                    posix_kill($pid, SIGKILL);
                    pcntl_waitpid($pid, $status);
                    break;
                }
                usleep(1000);
            }
        }
        return [...$wrong, ...$this->check()];
    }

    public function summary(): string
    {
        $rounds = array_sum(array_map(static fn (Atomic\Long $rounds) => $rounds->get(), $this->rounds));
        return "$this->processes processes, $this->kills killed ($this->inFlight in a counted call), $rounds rounds, "
            . json_encode($this->table->stats());
    }

    private function start(int $place): void
    {
        $pid = pcntl_fork();
        if ($pid === 0) {
            mt_srand(getmypid());
            while ($this->stop->get() === 0) {
                $this->round($place);
                $this->rounds[$place]->add();
            }
            posix_kill(getmypid(), SIGKILL);
        }
        $this->workers[$place] = $pid;
    }

    /** Kills a worker wherever it is, settles its account, and starts another in its place. */
    private function replace(int $place): void
    {
        posix_kill($this->workers[$place], SIGKILL);
        pcntl_waitpid($this->workers[$place], $status);
        $this->kills++;
        [$begun, $returned, $counted] = [$this->begun[$place], $this->returned[$place], $this->table->get("count$place", 'n') ?: 0];
        if ($begun->get() !== $returned->get()) {
            $this->inFlight++;
        }
        if ($counted < $returned->get() || $counted > $begun->get() || $begun->get() - $returned->get() > 1) {
            $this->complain(1);
        }
        // the row knows whether the last call happened
        $begun->set($counted);
        $returned->set($counted);
        $this->start($place);
    }

    private function round(int $place): void
    {
        $this->rows($place);

        // one number that only this place counts, and one that all count
        $this->begun[$place]->add();
        $this->table->incr("count$place", 'n');
        $this->returned[$place]->add();
        $this->table->incr('all', 'n', 2);
        $this->table->decr('all', 'half', 0.5);

        $this->mutex->lock();
        $this->enter($this->mutexPair, 3);
        $this->mutex->unlock();

        if (mt_rand(0, 3) === 0) {
            $this->readWrite->lock();
            $this->pair($this->readWritePair);
            $this->readWrite->unlock();
        } else {
            $this->readWrite->lock(LOCK_SH);
            [$first, $second] = [$this->readWritePair[0]->get(), $this->readWritePair[1]->get()];
            // a dead writer may have left it one apart, until the next writer comes
            if ($first !== $second && $first !== $second + 1) {
                $this->complain(4);
            }
            $this->readWrite->unlock();
        }
    }

    /** Writes, reads and deletes rows whose columns belong together. */
    private function rows(int $place): void
    {
        $n = mt_rand();
        $row = ['n' => $n, 'minus' => -$n, 'text' => str_repeat(chr(97 + $n % 26), $n % (self::TEXT + 1)), 'half' => $n * 0.5];
        $key = 'shared' . mt_rand(0, 9);
        $this->table->set($key, $row);
        $this->whole($this->table->get($key));
        $own = "own$place:" . $n % 7;
        $this->table->set($own, $row);
        if ($this->table->get($own) !== $row) {
            $this->complain(2);
        }
        if (mt_rand(0, 1)) {
            $this->table->del($own);
            $this->table->del($key);
        }
        if ($n % 64 === 0) {
            foreach ($this->table as $key => $row) {
                if (str_starts_with($key, 'shared')) {
                    $this->whole($row);
                }
            }
        }
    }

    private function whole(array|false $row): void
    {
        if ($row === false) {
            return;
        }
        $n = $row['n'];
        if ($row['minus'] !== -$n || $row['half'] !== $n * 0.5 || $row['text'] !== str_repeat(chr(97 + $n % 26), $n % (self::TEXT + 1))) {
            $this->complain(5);
        }
    }

    private function enter(array $pair, int $complaint): void
    {
        $before = $this->inside->get();
        if ($before !== 0 && $this->lives($before)) {
            $this->complain($complaint);
        }
        $this->inside->set(getmypid());
        $this->pair($pair);
        if ($this->inside->get() !== getmypid()) {
            $this->complain($complaint);
        }
        $this->inside->set(0);
    }

    private function lives(int $pid): bool
    {
        $stat = @file_get_contents("/proc/$pid/stat");
        return $stat !== false && !in_array($stat[strrpos($stat, ')') + 2], ['Z', 'X'], true) && $pid !== getmypid();
    }

    /** Both numbers one up, in steps that others would see; finishes what a dead one has begun. */
    private function pair(array $pair): void
    {
        [$first, $second] = $pair;
        $at = $first->get();
        if ($second->get() === $at - 1) {
            $second->set($at);
        }
        if ($second->get() !== $at) {
            $this->complain(6);
        }
        $first->set($at + 1);
        $second->set($at + 1);
    }

    private function complain(int $number): void
    {
        $this->complaint->cmpset(0, $number);
    }

    /** @return list<string> */
    private function check(): array
    {
        $wrong = [];
        $said = [
            1 => 'a counter of one process is neither what it wrote down nor one more',
            2 => 'a row that only one process writes is not what it wrote',
            3 => 'two are inside of the mutex',
            4 => 'a reader is beside a writer',
            5 => 'a row is torn',
            6 => 'two have changed what a lock protects',
        ];
        if ($this->complaint->get() !== 0) {
            $wrong[] = $said[$this->complaint->get()];
        }
        $sum = 0;
        foreach ($this->returned as $place => $returned) {
            $counted = $this->table->get("count$place", 'n');
            $sum += $counted;
            // the end is no kill in the middle of a round
            if ($counted !== $returned->get()) {
                $wrong[] = "process $place counted {$returned->get()}, its row $counted";
            }
        }
        // of a round that was cut short the first may be there without the second
        $all = $this->table->get('all');
        if ($all['n'] % 2 !== 0 || $all['n'] > 2 * $sum || $all['n'] < 2 * ($sum - $this->kills)) {
            $wrong[] = "all counted {$all['n']} of " . 2 * $sum;
        }
        if (-$all['half'] * 4 > $all['n'] || -$all['half'] * 4 < $all['n'] - 2 * $this->kills) {
            $wrong[] = "all counted {$all['half']} halves, {$all['n']}";
        }
        foreach (['mutex' => [$this->mutex, $this->mutexPair], 'read-write lock' => [$this->readWrite, $this->readWritePair]] as $name => [$lock, $pair]) {
            if (!$lock->lock(LOCK_EX, 5)) {
                $wrong[] = "the $name is lost";
            }
            $apart = $pair[0]->get() - $pair[1]->get();
            if ($apart !== 0 && $apart !== 1) {
                $wrong[] = "what the $name protects is $apart apart";
            }
            $lock->unlock();
        }
        $rows = iterator_to_array($this->table);
        $stats = $this->table->stats();
        if (count($rows) !== count($this->table) || $stats['num'] !== $stats['insert_count'] - $stats['delete_count']) {
            $wrong[] = count($rows) . ' rows, counted ' . json_encode($stats);
        }
        foreach ($rows as $key => $row) {
            if ($this->table->get($key) !== $row || !$this->table->del($key)) {
                $wrong[] = "$key is not found";
            }
        }
        $stats = $this->table->stats();
        if ($stats['num'] !== 0 || $stats['available_slice_num'] !== $stats['total_slice_num']) {
            $wrong[] = 'rows are lost: ' . json_encode($stats);
        }
        return $wrong;
    }
}

if (realpath($_SERVER['SCRIPT_FILENAME']) === __FILE__) {
    $stress = new Stress((int) ($argv[2] ?? 8));
    $wrong = $stress->run((float) ($argv[1] ?? 60), (float) ($argv[3] ?? 1));
    echo $stress->summary(), "\n", $wrong === [] ? 'ok' : implode("\n", $wrong), "\n";
    exit($wrong === [] ? 0 : 1);
}
