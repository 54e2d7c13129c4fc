--TEST--
A child can resume its parent only when that one has yielded
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    $parent = Coroutine::getCid();
    go(static function () use ($parent): void {
        Coroutine::sleep(0.001);
        echo "child resumes parent\n";
        Coroutine::resume($parent);
        echo "child again\n";
    });
    echo "parent yields\n";
    Coroutine::yield();
    echo "parent goes on\n";
    go(static function () use ($parent): void {
        var_dump(Coroutine::resume($parent));
    });
});
--EXPECTF--
parent yields
child resumes parent
parent goes on

Warning: Swoole\Coroutine::resume(): can not resume the coroutine which is in IO operation or non-existent in %s on line 19
bool(false)
child again
