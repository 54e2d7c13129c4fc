--TEST--
A group can be used again after wait()
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\WaitGroup;

Coroutine\run(static function (): void {
    $group = new WaitGroup();
    for ($round = 0; $round < 3; $round++) {
        for ($i = 0; $i < 10; $i++) {
            $group->add();
            go(static function () use ($group): void {
                Coroutine::sleep(0.001);
                $group->done();
            });
        }
        var_dump($group->wait());
    }
});
--EXPECT--
bool(true)
bool(true)
bool(true)
