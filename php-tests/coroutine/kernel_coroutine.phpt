--TEST--
swoole_test_kernel_coroutine() starts a coroutine that sleeps; nothing happens before the first coroutine
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

var_dump(swoole_test_kernel_coroutine(2, 0.001));
Coroutine\run(static function (): void {
    var_dump(swoole_test_kernel_coroutine(2, 0.001));
    var_dump(Coroutine::stats()['coroutine_num']);
});
var_dump(Coroutine::stats()['coroutine_num'], Coroutine::stats()['coroutine_peak_num']);
--EXPECT--
bool(false)
NULL
int(2)
int(0)
int(2)
