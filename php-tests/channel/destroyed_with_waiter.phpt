--TEST--
A waiting coroutine keeps its channel alive
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    $channel = new Channel(1);
    $weak = WeakReference::create($channel);
    go(static function () use ($channel): void {
        var_dump($channel->pop(0.01));
    });
    unset($channel);
    gc_collect_cycles();
    var_dump($weak->get() !== null);
    Coroutine::sleep(0.1);
    var_dump($weak->get());
});
--EXPECT--
bool(true)
bool(false)
NULL
