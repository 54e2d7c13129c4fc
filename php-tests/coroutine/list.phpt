--TEST--
Coroutine::list() iterates over the ids of living coroutines
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    for ($i = 0; $i < 3; $i++) {
        go(static function (): void {
            Coroutine::sleep(0.001);
        });
    }
    $list = Coroutine::list();
    echo $list::class, "\n";
    $ids = iterator_to_array($list);
    sort($ids);
    echo implode(' ', $ids), "\n";
    echo count(Coroutine::listCoroutines()), "\n";
    Coroutine::sleep(0.05);
    echo implode(' ', iterator_to_array(Coroutine::list())), "\n";
});
echo count(Coroutine::list()), "\n";
--EXPECT--
Swoole\Coroutine\Iterator
1 2 3 4
4
1
0
