--TEST--
wait() with a time-out returns false; the group can be waited for again
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\WaitGroup;

Coroutine\run(static function (): void {
    $group = new WaitGroup();
    $group->add();
    go(static function () use ($group): void {
        Coroutine::sleep(0.1);
        $group->done();
    });
    var_dump($group->wait(0.005), $group->count());
    var_dump($group->wait(1), $group->count());
});
--EXPECT--
bool(false)
int(1)
bool(true)
int(0)
