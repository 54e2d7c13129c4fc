--TEST--
300,000 coroutines are suspended at once, at about a page each, and all of them wake
--INI--
memory_limit=-1
--CONFLICTS--
all
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

require __DIR__ . '/../include/bootstrap.php';

Coroutine::set(['max_coroutine' => 400000]);
Coroutine\run(static function (): void {
    $n = 300000;
    $before = resident_bytes();
    $woken = 0;
    $body = static function () use (&$woken): void {
        Coroutine::yield();
        $woken++;
    };
    $first = Coroutine::getCid() + 1;
    for ($i = 0; $i < $n; $i++) {
        go($body);
    }
    $each = (resident_bytes() - $before) / $n;
    echo Coroutine::stats()['coroutine_num'], ' coroutines, ', $each < 6000 ? 'small' : "$each bytes each", "\n";
    for ($i = 0; $i < $n; $i++) {
        Coroutine::resume($first + $i);
    }
    echo "$woken woken, ", Coroutine::stats()['coroutine_num'], " left\n";
});
--EXPECT--
300001 coroutines, small
300000 woken, 1 left
