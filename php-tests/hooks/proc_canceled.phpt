--TEST--
A child whose proc_close() was cancelled is no zombie when it has ended
--EXTENSIONS--
posix
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

$fifo = sys_get_temp_dir() . '/steelwool-' . bin2hex(random_bytes(6));
posix_mkfifo($fifo, 0600);

seconds_of(1, static function () use ($fifo): void {
    // It runs until somebody opens the other end.
    $process = proc_open(['cat', $fifo], [], $pipes);
    $pid = proc_get_status($process)['pid'];
    $ended = new Channel(1);
    $waiter = go(static fn () => $ended->push(proc_close($process)));
    unset($process);
    var_dump(Coroutine::cancel($waiter), $ended->pop(), is_dir("/proc/$pid"));
    fclose(fopen($fifo, 'w'));
    for ($tries = 0; $tries < 3000 && is_dir("/proc/$pid"); $tries++) {
        Coroutine::sleep(0.01);
        clearstatcache();
    }
    var_dump(is_dir("/proc/$pid"));
});
unlink($fifo);
--EXPECT--
bool(true)
int(-1)
bool(true)
bool(false)
