--TEST--
Timer::after calls once and Timer::tick until cleared, in the order of their times, with arguments, each in a coroutine
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Timer;

$ticks = 0;
var_dump(Timer::after(1000, function (string ...$arguments): void {
    echo 'after ', implode(',', $arguments), ' in coroutine ', Coroutine::getCid() > 0 ? 'yes' : 'no', "\n";
}, 'a', 'b'));
var_dump(Timer::tick(150, function (int $id, string $argument) use (&$ticks): void {
    static $first;
    $info = Timer::info($id);
    $first ??= $info['exec_msec'];
    // On the multiples of its interval, however late the machine is.
    $multiple = ($info['exec_msec'] - $first) % 150;
    echo "tick $id $argument $multiple {$info['exec_count']} {$info['interval']}\n";
    if (++$ticks === 3) {
        var_dump(Timer::clear($id), Timer::clear($id), Timer::exists($id), Timer::info($id)['removed']);
    }
}, 'x'));
// Beyond what a clock can hold: it is there, and can be cleared.
var_dump($never = swoole_timer_after(PHP_INT_MAX, fn () => null), swoole_timer_exists($never));
var_dump(iterator_to_array(Timer::list()), Timer::stats()['num'], Timer::clear($never), Timer::clear($never));
Swoole\Coroutine\run(function (): void {
    Coroutine::sleep(0.001);
    echo "slept\n";
    // The alarm that woke this coroutine counts while it runs.
    var_dump(Timer::stats()['num'], swoole_timer_stats()['initialized']);
});
var_dump(Timer::stats(), Timer::exists(1), Timer::info(1), Timer::clear(1), Timer::clearAll());
?>
--EXPECT--
int(1)
int(2)
int(3)
bool(true)
array(3) {
  [0]=>
  int(3)
  [1]=>
  int(2)
  [2]=>
  int(1)
}
int(3)
bool(true)
bool(false)
slept
int(3)
bool(true)
tick 2 x 0 0 150
tick 2 x 0 1 150
tick 2 x 0 2 150
bool(true)
bool(false)
bool(false)
bool(true)
after a,b in coroutine yes
array(3) {
  ["initialized"]=>
  bool(false)
  ["num"]=>
  int(0)
  ["round"]=>
  int(0)
}
bool(false)
bool(false)
bool(false)
bool(false)
