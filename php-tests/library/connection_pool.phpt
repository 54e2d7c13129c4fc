--TEST--
ConnectionPool: made on demand, borrowed, waited for, replaced, closed
--FILE--
<?php

declare(strict_types=1);

use Swoole\ConnectionPool;
use Swoole\Coroutine;

Coroutine\run(static function (): void {
    $made = 0;
    $pool = new ConnectionPool(static function () use (&$made): int {
        return ++$made;
    }, 2);
    $first = $pool->get();
    $second = $pool->get();
    var_dump($first, $second, $pool->get(0.001));

    foreach ([1, 2] as $waiter) {
        go(static function () use ($pool, $waiter): void {
            $connection = $pool->get();
            echo "$waiter got $connection\n";
            $pool->put($connection);
        });
    }
    $pool->put($first);
    var_dump($pool->get(), $made);
    $pool->put(null);
    var_dump($pool->get(), $made);

    go(static function () use ($pool): void {
        var_dump($pool->get());
        try {
            $pool->get();
        } catch (RuntimeException $error) {
            echo $error->getMessage(), "\n";
        }
    });
    $pool->close();
    $pool->put($second);

    $pool = new ConnectionPool(static fn () => throw new Exception('refused'), 1);
    for ($i = 0; $i < 2; $i++) {
        try {
            $pool->get();
        } catch (Exception $error) {
            echo $error->getMessage(), "\n";
        }
    }

    $made = 0;
    $pool = new ConnectionPool(static function () use (&$made): int {
        return ++$made;
    }, 3);
    $pool->fill();
    $pool->fill();
    var_dump($made, ConnectionPool::DEFAULT_SIZE);
});
?>
--EXPECT--
int(1)
int(2)
bool(false)
1 got 1
2 got 1
int(1)
int(2)
int(3)
int(3)
bool(false)
refused
refused
int(3)
int(64)
