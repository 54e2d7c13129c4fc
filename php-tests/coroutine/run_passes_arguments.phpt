--TEST--
run(), go() and Coroutine::create() pass their arguments on
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (string $a, int ...$rest): void {
    echo $a, ' ', implode(',', $rest), "\n";
    go(static function (array $x, object $y): void {
        echo count($x), ' ', $y::class, "\n";
    }, [1, 2], new stdClass());
    Coroutine::create(printf(...), "%s-%s\n", 'x', 'y');
    Coroutine\go(static fn (int $n) => print("n=$n\n"), 7);
}, 'first', 1, 2, 3);
--EXPECT--
first 1,2,3
2 stdClass
x-y
n=7
