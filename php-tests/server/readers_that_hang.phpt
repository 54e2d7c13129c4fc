--TEST--
Server: who does not read holds the end of the server no longer than max_wait_time, and is named in the log
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    [, $port, $mode, $workers, $log] = $argv;
    $server = new Swoole\WebSocket\Server('127.0.0.1', (int) $port, $mode === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
    $server->set(['worker_num' => (int) $workers, 'socket_buffer_size' => 8 << 20, 'output_buffer_size' => 8 << 20,
        'max_wait_time' => 1, 'kernel_socket_send_buffer_size' => 1 << 16, 'log_file' => $log]);
    $bytes = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
    $bytes->set(['open_http_protocol' => false, 'open_websocket_protocol' => false, 'kernel_socket_send_buffer_size' => 1 << 16, 'socket_buffer_size' => 8 << 20]);
    $bytes->on('receive', function ($server, $fd) {
        $server->send($fd, str_repeat('x', 3 << 20));
        echo "sent\n";
    });
    $server->on('message', function ($server, $frame) {
        $server->push($frame->fd, str_repeat('x', 3 << 20));
        echo "sent\n";
    });
    $server->on('start', fn () => print("port {$bytes->port}\n"));
    $server->start();
    PHP;

foreach ([['base', 1], ['base', 2], ['process', 1]] as [$mode, $workers]) {
    foreach (['bytes', 'frames'] as $kind) {
        $log = tempnam(sys_get_temp_dir(), 'steelwool');
        $output = tempnam(sys_get_temp_dir(), 'steelwool');
        $port = free_port();
        $command = [...php_command(), script_file($script), $port, $mode, $workers, $log];
        $process = proc_open(array_map(strval(...), $command), [['file', '/dev/null', 'r'], ['file', $output, 'w'], ['redirect', 1]], $pipes);
        $until = microtime(true) + 20;
        while (!preg_match('/port (\d+)/', file_get_contents($output), $match) && microtime(true) < $until) {
            usleep(5000);
        }
        if ($kind === 'bytes') {
            $client = connect_to((int) $match[1]);
            fwrite($client, 'go');
        } else {
            wait_for_port($port);
            $client = connect_to($port);
            fwrite($client, "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                . "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            while (rtrim(fgets($client)) !== '');
            fwrite($client, "\x81\x82\0\0\0\0go");
        }
        while (!str_contains(file_get_contents($output), 'sent') && microtime(true) < $until) {
            usleep(5000);
        }
        usleep(50_000);
        $start = microtime(true);
        proc_terminate($process);
        while (proc_get_status($process)['running'] && microtime(true) < $start + 15) {
            usleep(5000);
        }
        $seconds = microtime(true) - $start;
        proc_terminate($process, SIGKILL);
        $lines = file_get_contents($log);
        printf(
            "%s, %d workers, %s: %s, %s\n",
            $mode,
            $workers,
            $kind,
            $seconds > 0.8 && $seconds < 3.9 ? 'in time' : sprintf('after %.1f s', $seconds),
            str_contains($lines, 'held by 1 clients that have not read all that was sent to them') ? 'named' : "log: $lines",
        );
        array_map(unlink(...), [$log, $output]);
    }
}
?>
--EXPECT--
base, 1 workers, bytes: in time, named
base, 1 workers, frames: in time, named
base, 2 workers, bytes: in time, named
base, 2 workers, frames: in time, named
process, 1 workers, bytes: in time, named
process, 1 workers, frames: in time, named
