--TEST--
start() runs what was added, in order, and waits for all
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Scheduler;

$scheduler = new Scheduler();
var_dump($scheduler->add(static function (string ...$words): void {
    echo 'add ', implode(' ', $words), "\n";
    Coroutine::sleep(0.002);
    echo "add ends\n";
}, 'a', 'b'));
var_dump($scheduler->parallel(2, static function (int $number): void {
    echo "parallel $number\n";
    Coroutine::sleep(0.001);
}, 7));
$scheduler->parallel(0, static fn () => print("never\n"));
$scheduler->parallel(-1, static fn () => print("never\n"));
echo "start\n";
var_dump($scheduler->start(), Coroutine::stats()['coroutine_last_cid']);
$scheduler->add(static fn () => print("again\n"));
var_dump($scheduler->start());
--EXPECT--
NULL
NULL
start
add a b
parallel 7
parallel 7
add ends
bool(true)
int(3)
again
bool(true)
