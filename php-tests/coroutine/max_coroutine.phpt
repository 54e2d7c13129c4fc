--TEST--
Beyond max_coroutine go() warns and returns false
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine::set(['max_coroutine' => 3]);
Coroutine\run(static function (): void {
    for ($i = 0; $i < 4; $i++) {
        var_dump(go(static function (): void {
            Coroutine::sleep(0.001);
        }));
    }
    Coroutine::sleep(0.05);
    var_dump(go(static fn () => null));
});
--EXPECTF--
int(2)
int(3)

Warning: go(): exceed max number of coroutine 3 in %s on line 10
bool(false)

Warning: go(): exceed max number of coroutine 3 in %s on line 10
bool(false)
int(4)
