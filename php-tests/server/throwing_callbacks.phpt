--TEST--
Server: an exception that a callback for a message leaves is reported; worker and connection live on, with coroutines and without
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    [, $port, $mode, $coroutines] = $argv;
    $server = new Swoole\WebSocket\Server('127.0.0.1', (int) $port, $mode === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
    $server->set(['worker_num' => 2, 'task_worker_num' => 1, 'enable_coroutine' => $coroutines === 'on', 'dispatch_func' => fn () => 0, 'log_file' => '/dev/null']);
    $bytes = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_TCP);
    $bytes->set(['open_http_protocol' => false, 'open_websocket_protocol' => false]);
    $datagrams = $server->listen('127.0.0.1', 0, SWOOLE_SOCK_UDP);
    $throw = function (string $where) {
        throw new Exception("thrown in $where");
    };
    $server->on('message', fn ($server, $frame) => $frame->data === 'throw' ? $throw('message') : $server->push($frame->fd, 'fine'));
    $server->on('open', fn () => $throw('open'));
    $server->on('finish', fn () => $throw('finish'));
    $server->on('pipeMessage', fn () => $throw('pipeMessage'));
    $server->on('task', fn () => 1);
    $server->on('close', function ($server, $fd) {});
    $bytes->on('connect', fn () => $throw('connect'));
    $bytes->on('close', fn () => $throw('close'));
    $datagrams->on('packet', fn () => $throw('packet'));
    $bytes->on('receive', function ($server, $fd, $reactor, $data) use ($throw) {
        match ($data) {
            'throw' => $throw('receive'),
            'task' => $server->task(1),
            'ask' => $server->sendMessage('x', 1),
            'still' => $server->send($fd, "worker {$server->worker_id}, " . getmypid() . "\n"),
        };
    });
    $server->on('workerStart', fn ($server, $id) => print("start of $id\n"));
    $server->on('start', fn () => print("ports {$bytes->port} {$datagrams->port}\n"));
    $server->start();
    PHP;

foreach (['base', 'process'] as $mode) {
    foreach (['on', 'off'] as $coroutines) {
        $output = tempnam(sys_get_temp_dir(), 'steelwool');
        $port = free_port();
        $command = [...php_command(['display_errors' => '1', 'html_errors' => '0']), script_file($script), (string) $port, $mode, $coroutines];
        $process = proc_open($command, [['file', '/dev/null', 'r'], ['file', $output, 'w'], ['redirect', 1]], $pipes);
        $until = microtime(true) + 20;
        $saw = function (string $words) use ($output, $until) {
            while (!str_contains(file_get_contents($output), $words) && microtime(true) < $until) {
                usleep(2000);
            }
        };
        foreach (['ports', 'start of 0', 'start of 1', 'start of 2'] as $words) {
            $saw($words);
        }
        preg_match('/ports (\d+) (\d+)/', file_get_contents($output), $ports);
        // In SWOOLE_BASE the kernel chooses the worker.
        $client = connect_to((int) $ports[1], 10);
        $saw('thrown in connect');
        fwrite($client, 'still');
        $first = fgets($client);
        foreach (['throw' => 'receive', 'task' => 'finish'] as $message => $where) {
            fwrite($client, $message);
            $saw("thrown in $where");
        }
        if (!str_starts_with($first, 'worker 1')) {
            fwrite($client, 'ask');
            $saw('thrown in pipeMessage');
        }
        $datagram = stream_socket_client("udp://127.0.0.1:$ports[2]");
        fwrite($datagram, 'x');
        $saw('thrown in packet');
        fclose(connect_to((int) $ports[1], 10));
        $saw('thrown in close');
        fwrite($client, 'still');
        echo "$mode, coroutines $coroutines: ", fgets($client) === $first ? 'the same worker' : 'another worker';
        $client = connect_to($port, 10);
        fwrite($client, "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            . "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        while (rtrim(fgets($client)) !== '');
        fwrite($client, "\x81\x85\0\0\0\0throw");
        $saw('thrown in message');
        fwrite($client, "\x81\x85\0\0\0\0still");
        echo ', ', substr((string) fread($client, 6), 2);
        preg_match_all('/Warning: .*thrown in (\w+)/', file_get_contents($output), $found);
        $missing = array_diff(['receive', 'connect', 'close', 'packet', 'finish', 'message', 'open', ...(str_starts_with($first, 'worker 1') ? [] : ['pipeMessage'])], $found[1]);
        echo ', missing: ', implode(' ', $missing) ?: 'none', ', starts: ', substr_count(file_get_contents($output), 'start of'), "\n";
        proc_terminate($process);
        while (proc_get_status($process)['running'] && microtime(true) < $until + 5) {
            usleep(2000);
        }
        proc_terminate($process, SIGKILL);
        unlink($output);
    }
}
?>
--EXPECT--
base, coroutines on: the same worker, fine, missing: none, starts: 3
base, coroutines off: the same worker, fine, missing: none, starts: 3
process, coroutines on: the same worker, fine, missing: none, starts: 3
process, coroutines off: the same worker, fine, missing: none, starts: 3
