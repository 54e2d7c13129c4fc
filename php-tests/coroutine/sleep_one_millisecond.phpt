--TEST--
The shortest sleep, 0.001, suspends and lasts a millisecond
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    $order = '';
    go(static function () use (&$order): void {
        $order .= 'a';
        $start = hrtime(true);
        var_dump(Coroutine::sleep(0.001));
        $took = (hrtime(true) - $start) / 1e9;
        var_dump($took >= 0.0009, $took < 0.5);
        $order .= 'c';
    });
    $order .= 'b';
    Coroutine::sleep(0.1);
    echo $order, "\n";
});
--EXPECT--
bool(true)
bool(true)
bool(true)
abc
