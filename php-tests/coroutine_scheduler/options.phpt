--TEST--
set() and getOptions() are those of Coroutine; max_coroutine holds for start()
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Scheduler;

set_error_handler(static function (int $level, string $message): bool {
    echo "$message\n";
    return true;
});
$scheduler = new Scheduler();
var_dump($scheduler->getOptions(), $scheduler->set(['max_coroutine' => 2, 'socket_timeout' => 1.5, 'any' => 'thing']));
var_dump($scheduler->getOptions() === Coroutine::getOptions(), $scheduler->getOptions());
$scheduler->parallel(4, static fn () => Coroutine::sleep(0.001));
var_dump($scheduler->start(), Coroutine::stats()['coroutine_peak_num']);
Coroutine::set(['max_coro_num' => 3, 'c_stack_size' => '128K']);
var_dump(Coroutine::stats()['c_stack_size']);
--EXPECT--
NULL
NULL
bool(true)
array(3) {
  ["max_coroutine"]=>
  int(2)
  ["socket_timeout"]=>
  float(1.5)
  ["any"]=>
  string(5) "thing"
}
Swoole\Coroutine\Scheduler::start(): exceed max number of coroutine 2
Swoole\Coroutine\Scheduler::start(): exceed max number of coroutine 2
bool(true)
int(2)
int(131072)
