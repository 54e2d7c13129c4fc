--TEST--
A signal calls its function in a coroutine of its own, by way of the event loop; null stops it
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Process;
use Swoole\Timer;

var_dump(Process::signal(SIGUSR1, static function (int $signal): void {
    echo 'first handler: ', $signal === SIGUSR1 ? 'SIGUSR1' : $signal, ', in a coroutine: ', json_encode(Coroutine::getCid() > 0), "\n";
    Coroutine::sleep(0.001);
}));
posix_kill(getmypid(), SIGUSR1);
echo "not before the loop runs\n";
Timer::after(20, static function (): void {
    var_dump(Process::signal(SIGUSR1, static fn () => print("second handler\n")));
    posix_kill(getmypid(), SIGUSR1);
});
Timer::after(50, static function (): void {
    echo Coroutine::stats()['signal_listener_num'], " listener\n";
    var_dump(Process::signal(SIGUSR1, null), Process::signal(SIGUSR1, null));
    echo Coroutine::stats()['signal_listener_num'], " listeners\n";
});
swoole_event_wait();

?>
--EXPECTF--
bool(true)
not before the loop runs
first handler: SIGUSR1, in a coroutine: true
bool(true)
second handler
1 listener

Warning: Swoole\Process::signal(): unable to find the callback of signal [10] in %s on line %d
bool(true)
bool(false)
0 listeners
