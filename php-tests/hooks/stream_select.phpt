--TEST--
stream_select() lets other coroutines run: time-out, one that is ready, all three sets
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

show_concurrency('time-out', static function (): void {
    [$ours, $theirs] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    $read = [$ours];
    $none = null;
    expect(stream_select($read, $none, $none, 0, 200_000) === 0 && $read === [], 'time-out');
}, SWOOLE_HOOK_STREAM_FUNCTION);
seconds_of(1, static function (): void {
    $pairs = [];
    for ($i = 0; $i < 5; $i++) {
        $pairs[] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    }
    go(static function () use ($pairs): void {
        usleep(50_000);
        fwrite($pairs[3][1], 'x');
    });
    $read = array_column($pairs, 0);
    $write = $except = [];
    var_dump(stream_select($read, $write, $except, 5), array_keys($read));
    $read = [$pairs[0][0]];
    $write = [$pairs[1][0]];
    var_dump(stream_select($read, $write, $except, 5), count($read), count($write));
    // The same descriptor to read and to write.
    $read = $write = [$pairs[2][0]];
    var_dump(stream_select($read, $write, $except, 5), count($read), count($write));
    // One that its peer closed, without a time limit.
    go(static function () use (&$pairs): void {
        usleep(50_000);
        fclose($pairs[4][1]);
    });
    $read = [$pairs[4][0]];
    $write = null;
    var_dump(stream_select($read, $write, $except, null), feof($pairs[4][0]) || fread($pairs[4][0], 1) === '');
});
--EXPECT--
time-out: together, in turns without the hook
int(1)
array(1) {
  [0]=>
  int(3)
}
int(1)
int(0)
int(1)
int(1)
int(0)
int(1)
int(1)
bool(true)
