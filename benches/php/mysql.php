<?php

declare(strict_types=1);

// Point selects on argv[2] connections, argv[1] in all; argv[3]: text or prepared.

use Swoole\Coroutine;
use Swoole\Coroutine\MySQL;
use Swoole\Coroutine\WaitGroup;

require __DIR__ . '/measure.php';

function connection(): MySQL
{
    $mysql = new MySQL();
    $mysql->connect([
        'host' => getenv('STEELWOOL_MYSQL_HOST'),
        'port' => (int) getenv('STEELWOOL_MYSQL_PORT'),
        'user' => getenv('STEELWOOL_MYSQL_USER'),
        'password' => getenv('STEELWOOL_MYSQL_PASSWORD'),
        'database' => getenv('STEELWOOL_MYSQL_DATABASE'),
    ]) || throw new RuntimeException($mysql->connect_error);
    return $mysql;
}

const ROWS = 1000;

Coroutine\run(static function () use ($argv): void {
    [, $n, $connections, $kind] = $argv;
    $setup = connection();
    $setup->query('CREATE TABLE IF NOT EXISTS bench (id INT PRIMARY KEY, name VARCHAR(40), amount INT)');
    if ($setup->query('SELECT COUNT(*) AS n FROM bench')[0]['n'] != ROWS) {
        for ($i = 1; $i <= ROWS; $i++) {
            $setup->query("REPLACE INTO bench VALUES ($i, 'name of row $i', $i * 7)");
        }
    }
    $open = $statements = [];
    for ($c = 0; $c < $connections; $c++) {
        $open[$c] = connection();
        $statements[$c] = $open[$c]->prepare('SELECT id, name, amount FROM bench WHERE id = ?');
    }
    report((int) $n, static function (int $n) use ($open, $statements, $kind): void {
        $group = new WaitGroup();
        foreach ($open as $c => $mysql) {
            $group->add();
            go(static function () use ($group, $mysql, $c, $statements, $kind, $n, $open): void {
                for ($i = $c; $i < $n; $i += count($open)) {
                    $id = $i % ROWS + 1;
                    $rows = $kind === 'text'
                        ? $mysql->query("SELECT id, name, amount FROM bench WHERE id = $id")
                        : $statements[$c]->execute([$id]);
                    if (($rows[0]['amount'] ?? null) != $id * 7) {
                        throw new RuntimeException("wrong row: {$mysql->error}");
                    }
                }
                $group->done();
            });
        }
        $group->wait();
    });
});
