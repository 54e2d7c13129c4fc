--TEST--
System::wait() and waitPid() suspend until a child ends, each gets its own
--FILE--
<?php

declare(strict_types=1);

use Swoole\Atomic;
use Swoole\Coroutine;
use Swoole\Coroutine\System;
use Swoole\Process;

$pids = [];
$ends = [1 => new Atomic(0), new Atomic(0), new Atomic(1)];
foreach ($ends as $code => $end) {
    $pids[$code] = (new Process(static function () use ($code, $end): void {
        $end->wait(10);
        exit($code);
    }, false, 0))->start();
}

Coroutine\run(static function () use ($pids, $ends): void {
    var_dump(System::waitPid($pids[1], 0.001), swoole_last_error() === SOCKET_ETIMEDOUT);
    go(static function () use ($pids): void {
        $ended = System::waitPid($pids[1]);
        echo 'waitPid: ', json_encode([$ended['pid'] === $pids[1], $ended['code'], $ended['signal']]), "\n";
    });
    $first = System::wait();
    echo 'wait: ', $first['code'], "\n";
    $ends[1]->wakeup();
    Coroutine::sleep(0.1);
    $ends[2]->wakeup();
    $second = System::wait();
    echo 'wait: ', $second['code'], "\n";
    var_dump(System::wait(0.01), swoole_errno() === PCNTL_ECHILD);
    var_dump(System::waitPid($pids[2]), swoole_errno() === PCNTL_ECHILD);
});
var_dump(Process::wait(false));

?>
--EXPECT--
bool(false)
bool(true)
wait: 3
waitPid: [true,1,0]
wait: 2
bool(false)
bool(true)
bool(false)
bool(true)
bool(false)
