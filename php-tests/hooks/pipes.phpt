--TEST--
Pipes and fifos let other coroutines run; a writer waits until there is room; errors and ends arrive as ever
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

$folder = sys_get_temp_dir() . '/steelwool-' . getmypid();
mkdir($folder);
$off = SWOOLE_HOOK_FILE | SWOOLE_HOOK_STDIO | SWOOLE_HOOK_PROC;
show_concurrency('fifo', static function (int $i) use ($folder): void {
    $path = "$folder/" . bin2hex(random_bytes(4));
    posix_mkfifo($path, 0600);
    // Both ends at once, so that opening it does not wait.
    $reader = fopen($path, 'r+');
    $process = proc_open(['sh', '-c', 'sleep 0.2; echo line > "$0"', $path], [], $pipes);
    expect(fgets($reader) === "line\n", 'fgets');
    proc_close($process);
}, $off, 0.2, 30);
seconds_of(1, static function () use ($folder): void {
    $path = "$folder/fifo";
    posix_mkfifo($path, 0600);
    $writer = fopen($path, 'r+');
    $reader = fopen($path, 'r+');
    go(static function () use ($reader): void {
        usleep(20_000);
        $got = 0;
        while ($got < 1_024_000) {
            $got += strlen(fread($reader, 8192));
        }
        echo "read $got\n";
    });
    echo 'written ', fwrite($writer, str_repeat('x', 1_024_000)), "\n";
});
seconds_of(1, static function (): void {
    $process = proc_open(['true'], [['pipe', 'r'], ['pipe', 'w']], $pipes);
    var_dump(fgets($pipes[1]), feof($pipes[1]));
    proc_close($process);
});
// Opening one end waits for the other; cancelled, it fails.
seconds_of(1, static function () use ($folder): void {
    $path = "$folder/fifo";
    $cid = go(static function () use ($path): void {
        var_dump(@fopen($path, 'r'));
    });
    usleep(20_000);
    Swoole\Coroutine::cancel($cid);
    usleep(1000);
    posix_mkfifo("$path.2", 0600);
    go(static function () use ($path): void {
        echo 'opened: ' . fgets(fopen("$path.2", 'r'));
    });
    usleep(20_000);
    echo "before\n";
    fwrite(fopen("$path.2", 'w'), "line\n");
});
array_map(unlink(...), glob("$folder/*"));
rmdir($folder);
--EXPECTF--
fifo: together, in turns without the hook
%s 1024000
%s 1024000
bool(false)
bool(true)
bool(false)
before
opened: line
