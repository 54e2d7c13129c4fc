--TEST--
WebSocket\Server: what was pushed before close() and disconnect() reaches a client that begins to read late
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    [, $port, $mode, $coroutines] = $argv;
    $server = new Swoole\WebSocket\Server('127.0.0.1', (int) $port, $mode === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
    $server->set(['worker_num' => 1, 'enable_coroutine' => $coroutines === 'on', 'socket_buffer_size' => 4 << 20, 'output_buffer_size' => 4 << 20,
        'kernel_socket_send_buffer_size' => 1 << 16, 'log_file' => '/dev/null', 'max_wait_time' => 20]);
    $server->on('message', function ($server, $frame) {
        for ($i = 0; $i < 20; $i++) {
            $server->push($frame->fd, str_repeat('y', 100_000));
        }
        // The queue is being written by now.
        Swoole\Timer::after(200, function () use ($server, $frame) {
            echo $frame->data === 'close' ? var_export($server->close($frame->fd), true) : var_export($server->disconnect($frame->fd, 1001, 'bye'), true), "\n";
        });
    });
    $server->on('close', function ($server, $fd) {});
    $server->on('disconnect', function ($server, $fd) {});
    $server->on('start', fn () => print("started\n"));
    $server->start();
    PHP;

foreach (['base', 'process'] as $mode) {
    foreach (['on', 'off'] as $coroutines) {
        $output = tempnam(sys_get_temp_dir(), 'steelwool');
        $port = free_port();
        $command = [...php_command(), script_file($script), (string) $port, $mode, $coroutines];
        $process = proc_open($command, [['file', '/dev/null', 'r'], ['file', $output, 'w'], ['redirect', 1]], $pipes);
        wait_for_port($port);
        $clients = [];
        foreach (['close', 'disconnect'] as $what) {
            $clients[$what] = $client = connect_to($port, 20);
            fwrite($client, "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                . "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            while (rtrim(fgets($client)) !== '');
            fwrite($client, "\x81" . chr(0x80 | strlen($what)) . "\0\0\0\0$what");
        }
        $until = microtime(true) + 20;
        while (substr_count(file_get_contents($output), "true\n") < 2 && microtime(true) < $until) {
            usleep(5000);
        }
        // Longer than a server waits for the end of a client that has all.
        usleep(1_600_000);
        foreach ($clients as $what => $client) {
            $data = @stream_get_contents($client);
            printf("%s, coroutines %s, %s: %d messages, %s\n", $mode, $coroutines, $what, substr_count($data, 'y') / 100_000, bin2hex(ltrim(substr($data, -7), 'y')) ?: 'no frame');
        }
        proc_terminate($process, SIGKILL);
        @unlink($output);
    }
}
?>
--EXPECT--
base, coroutines on, close: 20 messages, no frame
base, coroutines on, disconnect: 20 messages, 880503e9627965
base, coroutines off, close: 20 messages, no frame
base, coroutines off, disconnect: 20 messages, 880503e9627965
process, coroutines on, close: 20 messages, no frame
process, coroutines on, disconnect: 20 messages, 880503e9627965
process, coroutines off, close: 20 messages, no frame
process, coroutines off, disconnect: 20 messages, 880503e9627965
