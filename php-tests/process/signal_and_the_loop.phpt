--TEST--
Listening keeps the event loop running only with the setting wait_signal
--FILE--
<?php

declare(strict_types=1);

use Swoole\Process;

Process::signal(SIGUSR1, static function (): void {
    echo "signal\n";
    Process::signal(SIGUSR1, null);
});
swoole_event_wait();
echo "the loop ended at once\n";

swoole_async_set(['wait_signal' => true]);
$parent = getmypid();
(new Process(static function () use ($parent): void {
    usleep(20000);
    posix_kill($parent, SIGUSR1);
}, false, 0))->start();
swoole_event_wait();
echo "the loop ended after the signal\n";
Process::wait();

?>
--EXPECT--
the loop ended at once
signal
the loop ended after the signal
