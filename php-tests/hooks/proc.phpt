--TEST--
Child processes let other coroutines run: proc_open, proc_close, exec, shell_exec, system, passthru, popen, pclose
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

$off = SWOOLE_HOOK_PROC;
$streams = SWOOLE_HOOK_PROC | SWOOLE_HOOK_FILE | SWOOLE_HOOK_STDIO;
show_concurrency('proc_close', static function (): void {
    $process = proc_open(['sleep', '0.2'], [], $pipes);
    expect(proc_close($process) === 0, 'proc_close');
}, $off, 0.2, 50);
show_concurrency('pipes of proc_open', static function (int $i): void {
    $process = proc_open(['sh', '-c', "read line; sleep 0.2; echo \$line; exit $i"], [['pipe', 'r'], ['pipe', 'w']], $pipes);
    fwrite($pipes[0], "line $i\n");
    expect(stream_get_contents($pipes[1]) === "line $i\n", 'stream_get_contents');
    expect(proc_close($process) === $i, 'proc_close');
}, $streams, 0.2, 50);
show_concurrency('exec', static function (int $i): void {
    expect(exec("sleep 0.2; echo $i; exit $i", $output, $code) === "$i" && $code === $i, 'exec');
}, $streams, 0.2, 50);
show_concurrency('shell_exec', static fn () => expect(shell_exec('sleep 0.2; echo x') === "x\n", 'shell_exec'), $streams, 0.2, 50);
show_concurrency('pclose', static function (): void {
    expect(pclose(popen('sleep 0.2; exit 3', 'w')) === 3, 'pclose');
}, $off, 0.2, 50);
ob_start();
$took = seconds_of(10, static fn () => passthru('sleep 0.2; echo -n x'));
echo ob_get_clean(), "\n", $took < 1.5 ? "passthru: together\n" : "passthru: $took s\n";
--EXPECT--
proc_close: together, in turns without the hook
pipes of proc_open: together, in turns without the hook
exec: together, in turns without the hook
shell_exec: together, in turns without the hook
pclose: together, in turns without the hook
xxxxxxxxxx
passthru: together
