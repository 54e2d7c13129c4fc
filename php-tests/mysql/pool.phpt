--TEST--
MySQLPool: limits, waiting with a time-out, transactions taken back, broken and busy connections replaced, sizes and waiters seen
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

use Swoole\Coroutine;
use Swoole\Coroutine\MySQL;
use Swoole\Database\MySQLConfig;
use Swoole\Database\MySQLPool;

function stats(string $title, MySQLPool $pool): void
{
    echo "$title: ", json_encode($pool->stats()), "\n";
}

Coroutine\run(static function (): void {
    $config = (new MySQLConfig())
        ->withUnixSocket(getenv('STEELWOOL_MYSQL_SOCKET'))
        ->withUsername(getenv('STEELWOOL_MYSQL_USER'))
        ->withPassword(getenv('STEELWOOL_MYSQL_PASSWORD'))
        ->withDbname(getenv('STEELWOOL_MYSQL_DATABASE'))
        ->withOptions(['timeout' => 30, 'strict_type' => true]);
    $pool = new MySQLPool($config, 2);
    stats('new', $pool);
    [$first, $second] = [$pool->get(), $pool->get()];
    var_dump($first instanceof MySQL, $first === $second, $pool->get(0.01));
    stats('both borrowed', $pool);

    echo "--- a transaction is taken back\n";
    $first->query('CREATE TEMPORARY TABLE kept (id INT) ENGINE=InnoDB');
    $first->begin();
    $first->query('INSERT INTO kept VALUES (1)');
    $waiter = go(static function () use ($pool, $first): void {
        $got = $pool->get(30);
        echo 'the waiter has the same one: ', json_encode($got === $first), ', rows: ', $got->query('SELECT COUNT(*) AS n FROM kept')[0]['n'], "\n";
        stats('inside', $pool);
        $pool->put($got);
    });
    stats('one waits', $pool);
    $pool->put($first);
    Coroutine::join([$waiter]);
    stats('afterwards', $pool);

    echo "--- one that the server has closed\n";
    $id = mysql_id($first);
    $second->query("KILL $id");
    while ($second->query("SELECT COUNT(*) AS n FROM information_schema.processlist WHERE id = $id")[0]['n'] > 0) {
        Coroutine::sleep(0.01);
    }
    $third = $pool->get();
    var_dump($third === $first, $third->query('SELECT 1 AS one'));
    stats('replaced', $pool);

    echo "--- one that is in the middle of something\n";
    $third->setDefer();
    $third->query('SELECT SLEEP(20)');
    $waiter = go(static function () use ($pool, $third): void {
        $got = $pool->get(30);
        echo 'the waiter has a new one: ', json_encode($got !== $third), ' ', json_encode($got->query('SELECT 2 AS two')), "\n";
        $pool->put($got);
    });
    $pool->put($third);
    Coroutine::join([$waiter]);
    var_dump($third->query('SELECT 1'));
    stats('replaced', $pool);

    echo "--- put twice, put by strangers, forgotten, lost\n";
    $pool->put($second);
    $pool->put($second);
    $pool->put(mysql_open());
    $got = [$pool->get(), $pool->get()];
    var_dump($got[0] !== $got[1], $got[0]->query('SELECT 3 AS three') === $got[1]->query('SELECT 3 AS three'), $got[0]->error . $got[1]->error);
    unset($second);
    $got = null;
    stats('forgotten', $pool);
    $lost = $pool->get();
    $lost->close();
    $pool->put($lost);
    $pool->put(null);
    stats('lost', $pool);
    $pool->fill();
    stats('filled', $pool);

    echo "--- closed\n";
    $last = $pool->get();
    $other = $pool->get();
    go(static function () use ($pool): void {
        var_dump($pool->get());
    });
    $pool->close();
    $pool->close();
    $pool->put($last);
    var_dump($last->query('SELECT 1'));
    try {
        $pool->get();
    } catch (RuntimeException $error) {
        echo $error->getMessage(), "\n";
    }

    echo "--- no server: everybody who waits hears of it\n";
    $pool = new MySQLPool($config->withUnixSocket('/nowhere/socket'), 1);
    $group = new Coroutine\WaitGroup();
    foreach ([1, 2, 3] as $waiter) {
        $group->add();
        go(static function () use ($pool, $group): void {
            try {
                $pool->get();
            } catch (MySQL\Exception $error) {
                echo $error->getCode(), ': ', $error->getMessage(), "\n";
            }
            $group->done();
        });
    }
    $group->wait();
    stats('none', $pool);
});
?>
--EXPECT--
new: {"connections":0,"idle":0,"borrowed":0,"size":2,"waiting":0}
bool(true)
bool(false)
bool(false)
both borrowed: {"connections":2,"idle":0,"borrowed":2,"size":2,"waiting":0}
--- a transaction is taken back
one waits: {"connections":2,"idle":0,"borrowed":2,"size":2,"waiting":1}
the waiter has the same one: true, rows: 0
inside: {"connections":2,"idle":0,"borrowed":2,"size":2,"waiting":0}
afterwards: {"connections":2,"idle":1,"borrowed":1,"size":2,"waiting":0}
--- one that the server has closed
bool(false)
array(1) {
  [0]=>
  array(1) {
    ["one"]=>
    int(1)
  }
}
replaced: {"connections":2,"idle":0,"borrowed":2,"size":2,"waiting":0}
--- one that is in the middle of something
the waiter has a new one: true [{"two":2}]
bool(false)
replaced: {"connections":2,"idle":1,"borrowed":1,"size":2,"waiting":0}
--- put twice, put by strangers, forgotten, lost
bool(true)
bool(true)
string(0) ""
forgotten: {"connections":0,"idle":0,"borrowed":0,"size":2,"waiting":0}
lost: {"connections":0,"idle":0,"borrowed":0,"size":2,"waiting":0}
filled: {"connections":2,"idle":2,"borrowed":0,"size":2,"waiting":0}
--- closed
bool(false)
bool(false)
Pool has been closed
--- no server: everybody who waits hears of it
2002: SQLSTATE[HY000] [2002] No such file or directory
2002: SQLSTATE[HY000] [2002] No such file or directory
2002: SQLSTATE[HY000] [2002] No such file or directory
none: {"connections":0,"idle":0,"borrowed":0,"size":1,"waiting":0}
