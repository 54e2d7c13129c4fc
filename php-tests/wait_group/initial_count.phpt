--TEST--
The constructor takes the first delta, add() any number
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\WaitGroup;

Coroutine\run(static function (): void {
    $group = new WaitGroup(2);
    $group->add(3);
    var_dump($group->count());
    for ($i = 0; $i < 5; $i++) {
        go(static function () use ($group): void {
            Coroutine::sleep(0.001);
            $group->done();
        });
    }
    var_dump($group->wait(1.0));
});
--EXPECT--
int(5)
bool(true)
