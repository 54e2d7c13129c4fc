--TEST--
A lock cannot be constructed twice, cloned, serialized or robbed of errCode
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine\Lock;

$lock = new Lock();
$tries = [
    static fn () => $lock->__construct(),
    static fn () => clone $lock,
    static fn () => serialize($lock),
    static function () use ($lock): void {
        unset($lock->errCode);
    },
    static fn () => new Lock([]),
    static fn () => $lock->lock('x'),
];
foreach ($tries as $try) {
    try {
        $try();
    } catch (Throwable $thrown) {
        echo get_class($thrown), ': ', $thrown->getMessage(), "\n";
    }
}
var_dump($lock);
--EXPECT--
Error: Constructor of Swoole\Coroutine\Lock can only be called once
Error: Trying to clone an uncloneable object of class Swoole\Coroutine\Lock
Exception: Serialization of 'Swoole\Coroutine\Lock' is not allowed
Error: Property errCode of class Swoole\Coroutine\Lock cannot be unset
TypeError: Swoole\Coroutine\Lock::__construct(): Argument #1 ($shared) must be of type bool, array given
TypeError: Swoole\Coroutine\Lock::lock(): Argument #1 ($operation) must be of type int, string given
object(Swoole\Coroutine\Lock)#1 (1) {
  ["errCode"]=>
  int(0)
}
