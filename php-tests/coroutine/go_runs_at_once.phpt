--TEST--
go() runs the coroutine at once until it first suspends, then returns its id
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    echo "1\n";
    $id = go(static function (): void {
        echo "2\n";
        Coroutine::sleep(0.001);
        echo "4\n";
    });
    echo "3 (id $id)\n";
});
echo "5\n";
--EXPECT--
1
2
3 (id 2)
4
5
