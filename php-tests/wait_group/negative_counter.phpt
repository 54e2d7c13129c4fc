--TEST--
add() or done() below zero
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\WaitGroup;

Coroutine\run(static function (): void {
    $group = new WaitGroup();
    foreach ([static fn () => $group->add(-1), static fn () => $group->done()] as $call) {
        try {
            $call();
        } catch (Throwable $e) {
            echo $e::class, ': ', $e->getMessage(), "\n";
        }
    }
    var_dump($group->count());
});
--EXPECT--
InvalidArgumentException: WaitGroup misuse: negative counter
BadMethodCallException: WaitGroup misuse: negative counter
int(0)
