--TEST--
Processes are named as Swoole names them, bindto without an address is any address, async.file:// needs no flag
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

$process = static function (): void {
    $process = proc_open(['sh', '-c', 'exit 3'], [['pipe', 'r']], $pipes);
    echo get_resource_type($process), "\n";
    fclose($pipes[0]);
    while (($status = proc_get_status($process))['running']) {
        usleep(1000);
    }
    echo $status['exitcode'], ' ', get_resource_type($process), ' ';
    proc_close($process);
    echo get_resource_type($process), "\n";
    // One that nobody closes ends with its last reference.
    $left = proc_open(['sh', '-c', 'exit 3'], [], $pipes);
    $left = null;
};
seconds_of(1, $process);
seconds_of(1, $process, SWOOLE_HOOK_ALL & ~SWOOLE_HOOK_PROC);

seconds_of(1, static function (): void {
    $server = stream_socket_server('tcp://127.0.0.1:0');
    $address = 'tcp://' . stream_socket_get_name($server, false);
    foreach (['0:', ':', '127.0.0.1:'] as $any) {
        $port = free_port();
        $context = stream_context_create(['socket' => ['bindto' => $any . $port]]);
        $client = stream_socket_client($address, context: $context);
        expect(stream_socket_get_name($client, false) === "127.0.0.1:$port", $any);
    }
    $client = stream_socket_client('async.' . $address);
    expect(stream_socket_get_name($client, true) === substr($address, 6), 'async.tcp');
    // What is asked lets others run first, whatever is ready.
    $order = '';
    go(static function () use ($client, &$order): void {
        $write = [$client];
        $none = [];
        expect(stream_select($none, $write, $none, 1) === 1, 'writable');
        $order .= 'selected';
    });
    $order .= 'others, ';
    usleep(1000);
    echo $order, "\n";
});

$path = sys_get_temp_dir() . '/steelwool-' . getmypid();
foreach ([SWOOLE_HOOK_ALL, SWOOLE_HOOK_SLEEP] as $flags) {
    seconds_of(1, static function () use ($path): void {
        $file = fopen("async.file://$path", 'w+');
        $turns = 0;
        $done = false;
        go(static function () use (&$turns, &$done): void {
            while (!$done) {
                usleep(1);
                $turns++;
            }
        });
        fwrite($file, str_repeat("0123456789\n", 10_000));
        rewind($file);
        expect(stream_get_contents($file) === str_repeat("0123456789\n", 10_000), 'contents');
        $done = true;
        echo $turns > 5 ? "others ran\n" : "$turns turns\n";
        // Two locks of one process.
        flock($file, LOCK_EX);
        go(static function () use ($path): void {
            flock(fopen("async.file://$path", 'r'), LOCK_SH);
            echo "shared\n";
        });
        usleep(1000);
        echo "given back\n";
        flock($file, LOCK_UN);
    }, $flags);
}
var_dump(@fopen('async.file:///nowhere/at/all', 'r'), fgets(fopen("async.file://$path", 'r')));
unlink($path);
--EXPECT--
process/coroutine
3 process/coroutine Unknown
process
3 process Unknown
others, selected
others ran
given back
shared
others ran
given back
shared
bool(false)
string(11) "0123456789
"
