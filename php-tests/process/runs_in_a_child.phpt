--TEST--
The callback runs in a child of its own and gets the process object
--FILE--
<?php

declare(strict_types=1);

use Swoole\Process;

$parent = getmypid();
$process = new Process(static function (Process $process) use ($parent): void {
    echo 'child: ', json_encode([
        getmypid() !== $parent,
        posix_getppid() === $parent,
        $process->pid === getmypid(),
        $process->id,
        is_int($process->pipe),
        Swoole\Coroutine::getCid(),
    ]), "\n";
});
var_dump($process->pid, $process->id, is_int($process->pipe));
$pid = $process->start();
$ended = Process::wait();
echo 'parent: ', json_encode([$pid === $process->pid, $pid === $ended['pid'], $ended['code'], $ended['signal']]), "\n";

$second = new Process(static fn () => null, false, 0);
var_dump($second->pipe, $second->id);

?>
--EXPECT--
NULL
int(1)
bool(true)
child: [true,true,true,1,true,-1]
parent: [true,true,0,0]
NULL
int(2)
