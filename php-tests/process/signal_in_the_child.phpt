--TEST--
A child does not inherit its parent's signal functions
--FILE--
<?php

declare(strict_types=1);

use Swoole\Process;
use Swoole\Timer;

Process::signal(SIGTERM, static fn () => print("in the parent\n"));
foreach ([false, true] as $listens) {
    $process = new Process(static function (Process $process) use ($listens): void {
        if ($listens) {
            Process::signal(SIGTERM, static function () use ($process): void {
                echo "in the child\n";
                $process->exit(3);
            });
        }
        Timer::after(5000, static fn () => null);
        $process->write('ready');
        swoole_event_wait();
    });
    $process->start();
    $process->read();
    Process::kill($process->pid, SIGTERM);
    $ended = Process::wait();
    echo "code {$ended['code']}, signal {$ended['signal']}\n";
}
posix_kill(getmypid(), SIGTERM);
Timer::after(10, static fn () => Process::signal(SIGTERM, null));
swoole_event_wait();

?>
--EXPECT--
code 0, signal 15
in the child
code 3, signal 0
in the parent
