--TEST--
Handlers of pcntl work beside Process::signal(), and are in force again after it
--FILE--
<?php

declare(strict_types=1);

use Swoole\Process;
use Swoole\Timer;

pcntl_async_signals(true);
pcntl_signal(SIGUSR1, static fn () => print("pcntl: SIGUSR1\n"));
pcntl_signal(SIGCHLD, static fn () => print("pcntl: SIGCHLD\n"));
Process::signal(SIGUSR2, static function (): void {
    echo "swoole: SIGUSR2\n";
    Process::signal(SIGUSR1, static function (): void {
        echo "swoole: SIGUSR1\n";
        Process::signal(SIGUSR1, null);
        posix_kill(getmypid(), SIGUSR1);
    });
    posix_kill(getmypid(), SIGUSR1);
    // holds the loop while the signal is on its way
    Timer::after(100, static fn () => null);
});
Timer::after(1, static function (): void {
    posix_kill(getmypid(), SIGUSR1);
    posix_kill(getmypid(), SIGUSR2);
    Timer::after(100, static fn () => null);
});
swoole_event_wait();

(new Process(static fn () => exit(4), false, 0))->start();
Swoole\Coroutine\run(static function (): void {
    $ended = Swoole\Coroutine\System::wait();
    echo "System::wait: {$ended['code']}\n";
});

?>
--EXPECT--
pcntl: SIGUSR1
swoole: SIGUSR2
swoole: SIGUSR1
pcntl: SIGUSR1
pcntl: SIGCHLD
System::wait: 4
