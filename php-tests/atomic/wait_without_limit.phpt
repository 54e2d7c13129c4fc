--TEST--
wait(-1) and wait(0) wait until another process wakes them, or a signal comes
--FILE--
<?php

$atomic = new Swoole\Atomic();
foreach ([-1, 0] as $timeout) {
    $pid = pcntl_fork();
    if ($pid === 0) {
        usleep(50_000);
        $atomic->wakeup();
        exit(0);
    }
    var_dump($atomic->wait($timeout), $atomic->get());
    pcntl_waitpid($pid, $status);
}

pcntl_async_signals(true);
pcntl_signal(SIGUSR1, function () {
    echo "signal\n";
}, false);
$parent = getmypid();
$pid = pcntl_fork();
if ($pid === 0) {
    usleep(50_000);
    posix_kill($parent, SIGUSR1);
    exit(0);
}
var_dump($atomic->wait(-1));
pcntl_waitpid($pid, $status);
?>
--EXPECT--
bool(true)
int(0)
bool(true)
int(0)
signal
bool(false)
