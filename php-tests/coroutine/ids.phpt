--TEST--
Ids count up from 1; getCid is -1 outside, getPcid the creator's id
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

var_dump(Coroutine::getCid(), Coroutine::getuid(), Coroutine::getPcid());
Coroutine\run(static function (): void {
    var_dump(Coroutine::getCid(), Coroutine::getuid(), Coroutine::getPcid());
    $child = go(static function (): void {
        var_dump(Coroutine::getCid(), Coroutine::getPcid());
        go(static function (): void {
            var_dump(Coroutine::getCid(), Coroutine::getPcid());
            Coroutine::sleep(0.001);
        });
        Coroutine::sleep(0.001);
    });
    var_dump($child, Coroutine::getPcid($child), Coroutine::getPcid(3), Coroutine::getPcid(1));
    var_dump(Coroutine::getPcid(99));
});
var_dump(Coroutine::getCid());
--EXPECT--
int(-1)
int(-1)
bool(false)
int(1)
int(1)
int(-1)
int(2)
int(1)
int(3)
int(2)
int(2)
int(1)
int(2)
int(-1)
bool(false)
int(-1)
