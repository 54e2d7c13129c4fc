--TEST--
wait() with a counter of zero returns at once
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\WaitGroup;

Coroutine\run(static function (): void {
    $group = new WaitGroup();
    var_dump($group->wait(), $group->wait(0.001));
    $group->add();
    $group->done();
    var_dump($group->wait());
});
--EXPECT--
bool(true)
bool(true)
bool(true)
