--TEST--
wait() returns when done() was called as often as add() asked
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\WaitGroup;

Coroutine\run(static function (): void {
    $group = new WaitGroup();
    $results = [];
    for ($i = 0; $i < 3; $i++) {
        $group->add();
        go(static function () use ($group, $i, &$results): void {
            Coroutine::sleep(0.02 * (3 - $i));
            $results[] = $i;
            $group->done();
        });
    }
    var_dump($group->count());
    var_dump($group->wait());
    var_dump($group->count(), implode($results));
});
--EXPECT--
int(3)
bool(true)
int(0)
string(3) "210"
