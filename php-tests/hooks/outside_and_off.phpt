--TEST--
Outside of coroutines, and with no flags, everything blocks as ever; non-blocking streams stay so
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

Swoole\Runtime::enableCoroutine();
$start = microtime(true);
usleep(50_000);
echo microtime(true) - $start >= 0.05 ? "slept\n" : "did not sleep\n";
echo trim((string) shell_exec('echo shell')), "\n";
[$ours, $theirs] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fwrite($theirs, "line\n");
echo fgets($ours);
Swoole\Runtime::enableCoroutine(0);
Swoole\Coroutine\run(static function (): void {
    go(static function (): void {
        usleep(20_000);
        echo "first\n";
    });
    echo "second\n";
});
Swoole\Runtime::enableCoroutine();
Swoole\Coroutine\run(static function () use ($ours): void {
    stream_set_blocking($ours, false);
    $start = microtime(true);
    var_dump(fread($ours, 10), microtime(true) - $start < 2);
    // Into force and out of it in the middle of a loop.
    Swoole\Runtime::setHookFlags(0);
    go(static function (): void {
        usleep(20_000);
        echo "third\n";
    });
    Swoole\Runtime::setHookFlags(SWOOLE_HOOK_SLEEP);
    go(static function (): void {
        usleep(20_000);
        echo "fifth\n";
    });
    echo "fourth\n";
});
--EXPECT--
slept
shell
line
first
second
string(0) ""
bool(true)
third
fourth
fifth
