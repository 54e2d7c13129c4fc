--TEST--
Short names: go, defer, Co, Co\run, Chan
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Co\run(static function (): void {
    $chan = new chan(2);
    echo $chan::class, "\n";
    Co\go(static function () use ($chan): void {
        Co\defer(static fn () => print("deferred\n"));
        Co::sleep(0.001);
        $chan->push('hello');
    });
    echo $chan->pop(), "\n";
    var_dump(co::getCid(), is_a(Co\Channel::class, Coroutine\Channel::class, true));
});
--EXPECT--
Swoole\Coroutine\Channel
hello
int(1)
bool(true)
deferred
