--TEST--
resume() outside of a coroutine wakes a coroutine that yielded
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

error_reporting(E_ALL & ~E_DEPRECATED);
$id = go(static function (): void {
    echo "1\n";
    Coroutine::yield();
    echo "3\n";
});
echo "2\n";
var_dump(Coroutine::resume($id));
var_dump(Coroutine::resume($id));
--EXPECTF--
1
2
3
bool(true)

Warning: Swoole\Coroutine::resume(): can not resume the coroutine which is in IO operation or non-existent in %s on line 15
bool(false)
