--TEST--
Barrier: waits for all who have it, with a time-out, not twice
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Barrier;

Coroutine\run(static function (): void {
    $barrier = Barrier::make();
    $count = 0;
    foreach ([3, 1, 2] as $n) {
        go(static function () use ($barrier, $n, &$count): void {
            Coroutine::sleep($n / 100);
            echo "$n ends\n";
            $count++;
        });
    }
    Barrier::wait($barrier);
    var_dump($barrier, $count);

    $barrier = Barrier::make();
    Barrier::wait($barrier);
    echo "nobody else\n";

    $barrier = Barrier::make();
    go(static function () use ($barrier): void {
        echo "ends at once\n";
    });
    Barrier::wait($barrier, 1);
    echo "nothing to wait for\n";
    var_dump(count(iterator_to_array(Swoole\Timer::list())));

    $barrier = Barrier::make();
    go(static function () use ($barrier): void {
        Coroutine::sleep(0.05);
        echo "late\n";
    });
    Barrier::wait($barrier, 0.01);
    echo "timed out\n";
    Coroutine::sleep(0.07);
    echo "not resumed again\n";

    $barrier = Barrier::make();
    $other = $barrier;
    go(static function () use (&$other): void {
        Barrier::wait($other);
        echo "first wait is over\n";
    });
    try {
        Barrier::wait($barrier);
    } catch (Swoole\Exception $error) {
        echo $error->getMessage(), "\n";
    }
    // Its trace may hold the barrier.
    unset($error);
    $barrier = null;
    echo "end\n";
});
?>
--EXPECT--
1 ends
2 ends
3 ends
NULL
int(3)
nobody else
ends at once
nothing to wait for
int(0)
timed out
late
not resumed again
The barrier is waiting, cannot wait again.
first wait is over
end
