--TEST--
add() or a second wait() while somebody waits
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\WaitGroup;

Coroutine\run(static function (): void {
    $group = new WaitGroup(1);
    go(static function () use ($group): void {
        var_dump($group->wait(0.02));
    });
    foreach ([static fn () => $group->add(), static fn () => $group->wait()] as $call) {
        try {
            $call();
        } catch (Throwable $e) {
            echo $e::class, ': ', $e->getMessage(), "\n";
        }
    }
    var_dump($group->count());
});
--EXPECT--
BadMethodCallException: WaitGroup misuse: add called concurrently with wait
BadMethodCallException: WaitGroup misuse: reused before previous wait has returned
int(1)
bool(false)
