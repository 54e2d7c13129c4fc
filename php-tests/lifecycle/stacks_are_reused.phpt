--TEST--
Ten thousand short coroutines reuse their stacks
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

require __DIR__ . '/../include/bootstrap.php';

Coroutine\run(static function (): void {
    $work = static function (): void {
        Coroutine::sleep(0.001);
    };
    for ($i = 0; $i < 1000; $i++) {
        go($work);
    }
    Coroutine::sleep(0.02);
    $before = resident_bytes();
    for ($round = 0; $round < 9; $round++) {
        for ($i = 0; $i < 1000; $i++) {
            go($work);
        }
        Coroutine::sleep(0.02);
    }
    var_dump(resident_bytes() - $before < 4 << 20);
    var_dump(Coroutine::stats()['coroutine_num']);
});
--EXPECT--
bool(true)
int(1)
