--TEST--
run() inside of run() is refused
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    echo "outer\n";
    var_dump(Coroutine\run(static function (): void {
        echo "inner\n";
    }));
    echo "outer goes on\n";
});
echo "end\n";
--EXPECTF--
outer
inner

Fatal error: %SUnable to call Event::wait() in coroutine in %s on line %d
