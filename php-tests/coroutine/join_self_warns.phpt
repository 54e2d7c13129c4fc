--TEST--
join() of itself warns
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    var_dump(Coroutine::join([go(static fn () => Coroutine::sleep(0.001)), Coroutine::getCid()]));
});
--EXPECTF--
Warning: Swoole\Coroutine::join(): can not join self in %s on line 8
bool(false)
