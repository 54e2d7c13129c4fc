--TEST--
The last done() runs the waiter there and then
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\WaitGroup;

Coroutine\run(static function (): void {
    $group = new WaitGroup();
    $group->add(2);
    go(static function () use ($group): void {
        echo "waiter waits\n";
        $group->wait();
        echo "waiter goes on\n";
    });
    echo "first done\n";
    $group->done();
    echo "last done\n";
    $group->done();
    echo "after last done\n";
});
--EXPECT--
waiter waits
first done
last done
waiter goes on
after last done
