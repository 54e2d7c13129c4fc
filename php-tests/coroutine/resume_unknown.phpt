--TEST--
resume() of an unknown, ended or running coroutine, or of one in a sleep, warns and returns false
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    var_dump(Coroutine::resume(999));
    $ended = go(static function (): void {
    });
    var_dump(Coroutine::resume($ended));
    var_dump(Coroutine::resume(Coroutine::getCid()));
    var_dump(Coroutine::resume(-1), Coroutine::resume(0));
    $asleep = go(static function (): void {
        Coroutine::sleep(0.005);
        echo "slept\n";
    });
    var_dump(Coroutine::resume($asleep));
});
--EXPECTF--

Warning: Swoole\Coroutine::resume(): can not resume the coroutine which is in IO operation or non-existent in %s on line 8
bool(false)

Warning: Swoole\Coroutine::resume(): can not resume the coroutine which is in IO operation or non-existent in %s on line 11
bool(false)

Warning: Swoole\Coroutine::resume(): can not resume the coroutine which is in IO operation or non-existent in %s on line 12
bool(false)

Warning: Swoole\Coroutine::resume(): can not resume the coroutine which is in IO operation or non-existent in %s on line 13

Warning: Swoole\Coroutine::resume(): can not resume the coroutine which is in IO operation or non-existent in %s on line 13
bool(false)
bool(false)

Warning: Swoole\Coroutine::resume(): can not resume the coroutine which is in IO operation or non-existent in %s on line 18
bool(false)
slept
