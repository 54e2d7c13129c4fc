--TEST--
A child that a coroutine forks and that goes on by itself blocks as ever and leaves its parent's waits alone
--EXTENSIONS--
pcntl
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

Swoole\Coroutine\run(static function (): void {
    [$ours, $theirs] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    go(static function () use ($ours): void {
        $line = fgets($ours);
        echo "parent got $line";
    });
    // exec() forks inside of libc; the child of proc_open closes descriptors before it becomes another program.
    echo exec('echo child'), "\n";
    for ($i = 0; $i < 20; $i++) {
        $process = proc_open(['cat'], [['pipe', 'r'], ['pipe', 'w'], ['pipe', 'w']], $pipes);
        fclose($pipes[0]);
        expect(stream_get_contents($pipes[1]) === '', 'cat');
        expect(proc_close($process) === 0, 'proc_close');
    }
    fwrite($theirs, "line\n");
});
--EXPECT--
child
parent got line
