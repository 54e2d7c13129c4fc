--TEST--
A user's Fiber works inside of a coroutine
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    $fiber = new Fiber(static function (string $first): string {
        echo "fiber got $first\n";
        $second = Fiber::suspend('one');
        echo "fiber got $second\n";
        try {
            Fiber::suspend('two');
        } catch (RuntimeException $e) {
            echo 'fiber caught ', $e->getMessage(), "\n";
        }
        return 'result';
    });
    var_dump($fiber->start('a'));
    Coroutine::sleep(0.001);
    var_dump($fiber->resume('b'));
    Coroutine::sleep(0.001);
    $fiber->throw(new RuntimeException('thrown in'));
    var_dump($fiber->getReturn(), $fiber->isTerminated());
});
--EXPECT--
fiber got a
string(3) "one"
fiber got b
string(3) "two"
fiber caught thrown in
string(6) "result"
bool(true)
