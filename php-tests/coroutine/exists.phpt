--TEST--
Coroutine::exists() is true from creation to the end
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

var_dump(Coroutine::exists(1));
Coroutine\run(static function (): void {
    var_dump(Coroutine::exists(Coroutine::getCid()));
    $id = go(static function (): void {
        Coroutine::sleep(0.001);
    });
    var_dump(Coroutine::exists($id));
    Coroutine::sleep(0.05);
    var_dump(Coroutine::exists($id));
    var_dump(Coroutine::exists(-1), Coroutine::exists(0), Coroutine::exists(1000));
});
--EXPECT--
bool(false)
bool(true)
bool(true)
bool(false)
bool(false)
bool(false)
bool(false)
