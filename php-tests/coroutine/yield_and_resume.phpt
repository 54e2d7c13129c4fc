--TEST--
resume() runs the coroutine there and then, until it suspends again
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    $id = go(static function (): void {
        echo "1\n";
        var_dump(Coroutine::yield());
        echo "3\n";
        Coroutine::suspend();
        echo "5\n";
    });
    echo "2\n";
    var_dump(Coroutine::resume($id));
    echo "4\n";
    Coroutine::resume($id);
    echo "6\n";
    var_dump(Coroutine::exists($id));
});
--EXPECT--
1
2
bool(true)
3
bool(true)
4
5
6
bool(false)
