--TEST--
A Fiber whose body suspends the coroutine: the coroutine waits inside of the fiber
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    foreach (['a' => 0.002, 'b' => 0.1] as $who => $seconds) {
        go(static function () use ($who, $seconds): void {
            $fiber = new Fiber(static function () use ($who, $seconds): string {
                Coroutine::sleep($seconds);
                $got = Fiber::suspend("$who suspended");
                Coroutine::sleep($seconds);
                return "$who got $got";
            });
            echo $fiber->start(), "\n";
            Coroutine::sleep($seconds);
            $fiber->resume('value');
            echo $fiber->getReturn(), "\n";
        });
    }
    echo "both wait\n";
});
--EXPECT--
both wait
a suspended
a got value
b suspended
b got value
