--TEST--
Coroutines that resume one another in a ring keep Swoole's order
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    $ids = [];
    for ($i = 0; $i < 4; $i++) {
        $ids[$i] = go(static function () use ($i, &$ids): void {
            for ($round = 0; $round < 3; $round++) {
                Coroutine::yield();
                echo "round $round: $i\n";
                if (isset($ids[$i + 1])) {
                    Coroutine::resume($ids[$i + 1]);
                }
                echo "round $round: $i back\n";
            }
        });
    }
    for ($round = 0; $round < 3; $round++) {
        Coroutine::resume($ids[0]);
    }
});
--EXPECT--
round 0: 0
round 0: 1
round 0: 2
round 0: 3
round 0: 3 back
round 0: 2 back
round 0: 1 back
round 0: 0 back
round 1: 0
round 1: 1
round 1: 2
round 1: 3
round 1: 3 back
round 1: 2 back
round 1: 1 back
round 1: 0 back
round 2: 0
round 2: 1
round 2: 2
round 2: 3
round 2: 3 back
round 2: 2 back
round 2: 1 back
round 2: 0 back
