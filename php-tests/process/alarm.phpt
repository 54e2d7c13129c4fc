--TEST--
Process::alarm() sends a signal again and again until it is stopped
--FILE--
<?php

declare(strict_types=1);

use Swoole\Process;

swoole_async_set(['wait_signal' => true]);
$count = 0;
Process::signal(SIGALRM, static function () use (&$count): void {
    echo ++$count, "\n";
    if ($count === 3) {
        var_dump(Process::alarm(-1));
        Process::signal(SIGALRM, null);
    }
});
var_dump(Process::alarm(5000), Process::alarm(1, 99));
swoole_event_wait();

?>
--EXPECTF--
Warning: Swoole\Process::alarm(): setitimer() failed, Error: Invalid argument[22] in %s on line %d
bool(true)
bool(false)
1
2
3
bool(true)
