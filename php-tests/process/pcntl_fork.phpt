--TEST--
A child of pcntl_fork() leaves its parent's event loop, timers and signals alone
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Process;
use Swoole\Timer;

Timer::after(100, static fn () => print("the parent's timer\n"));
Process::signal(SIGUSR1, static fn () => print("the parent's signal\n"));
$child = pcntl_fork();
if ($child === 0) {
    Coroutine\run(static function (): void {
        echo 'child: coroutine ', Coroutine::getCid(), "\n";
        Process::signal(SIGUSR2, static fn () => print("the child's signal\n"));
        posix_kill(getmypid(), SIGUSR2);
        Coroutine::sleep(0.15);
    });
    exit(3);
}
var_dump(pcntl_wexitstatus(pcntl_waitpid($child, $status) === $child ? $status : -1));
posix_kill(getmypid(), SIGUSR1);
swoole_event_wait();

?>
--EXPECT--
child: coroutine 1
the child's signal
int(3)
the parent's signal
the parent's timer
