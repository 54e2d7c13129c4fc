--TEST--
A destructor that runs while the context is destroyed finds it gone
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

final class Last
{
    public function __destruct()
    {
        var_dump(Coroutine::getCid(), @Coroutine::getContext());
    }
}

Coroutine\run(static function (): void {
    Coroutine::getContext()['last'] = new Last();
    $next = go(static function (): void {
        Coroutine::getContext()->number = 5;
        Coroutine::yield();
    });
    var_dump(Coroutine::getContext($next)['number']);
    Coroutine::resume($next);
    var_dump(Coroutine::getContext($next));
});
--EXPECTF--
Deprecated: Creation of dynamic property Swoole\Coroutine\Context::$number is deprecated in %s on line 18

Warning: Undefined array key "number" in %s on line 21
NULL
NULL
int(1)
NULL
