--TEST--
A signal that arrives while all coroutines wait in C code runs its PHP handler at once
--EXTENSIONS--
pcntl
posix
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

pcntl_async_signals(true);
$start = 0.0;
pcntl_signal(SIGUSR1, static function () use (&$start): void {
    $took = microtime(true) - $start;
    echo $took < 1.5 ? "handled at once\n" : "handled after $took s\n";
});
seconds_of(2, static function () use (&$start): void {
    $start = microtime(true) + 0.1;
    static $sender = null;
    $sender ??= proc_open(['sh', '-c', 'sleep 0.1; kill -USR1 ' . getmypid()], [], $pipes);
    usleep(2_000_000);
});
echo "end\n";
--EXPECT--
handled at once
end
