--TEST--
A coroutine's return value is dropped; go() returns the id even when it ended
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): string {
    var_dump(go(static fn (): string => 'dropped'));
    var_dump(Coroutine::create(static function (): array {
        return [1, 2, 3];
    }));
    return 'dropped too';
});
--EXPECT--
int(2)
int(3)
