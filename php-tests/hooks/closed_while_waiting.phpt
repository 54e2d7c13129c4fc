--TEST--
A stream that another coroutine closes: who waits for it leaves at once, before the close returns
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

seconds_of(1, static function (): void {
    [$ours, $theirs] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    go(static function () use ($ours): void {
        var_dump(fread($ours, 10));
        echo "left\n";
    });
    go(static function () use ($ours): void {
        usleep(10_000);
        var_dump(fclose($ours));
        // The number may be used again at once.
        $other = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        fwrite($other[1], 'other');
        var_dump(fread($other[0], 10));
    });
    var_dump(fread($theirs, 10));
    socket_create_pair(AF_UNIX, SOCK_STREAM, 0, $pair);
    go(static function () use ($pair): void {
        var_dump(@socket_read($pair[0], 10));
    });
    socket_close($pair[0]);
    echo "closed\n";
});
--EXPECT--
bool(false)
left
bool(true)
string(5) "other"
string(0) ""
bool(false)
closed
