--TEST--
A second coroutine that reads the same stream gets Swoole's error before it can take what the first one waits for
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

seconds_of(1, static function (): void {
    [$ours, $theirs] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    go(static function () use ($ours): void {
        $line = static fn () => fgets($ours);
        echo "first: {$line()}";
        echo "first again: {$line()}";
    });
    go(static function () use ($ours): void {
        try {
            fgets($ours);
        } catch (Swoole\Error $error) {
            echo preg_replace('/Socket#\d+/', 'Socket#N', $error->getMessage()), ' (', $error->getCode(), ")\n";
        }
    });
    // Reading and writing at once is allowed.
    go(static fn () => fwrite($ours, "to them\n"));
    fwrite($theirs, "one\n");
    usleep(20_000);
    $line = fgets($theirs);
    echo "theirs: $line";
    fwrite($theirs, "two\n");
});
--EXPECT--
Socket#N has already been bound to another coroutine#3, reading of the same socket in coroutine#4 at the same time is not allowed (10002)
first: one
theirs: to them
first again: two
