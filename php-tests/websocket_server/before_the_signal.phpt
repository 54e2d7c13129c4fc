--TEST--
WebSocket\Server: frames and requests that came before SIGTERM are handled before its processes end, in both modes
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    [, $port, $mode, $workers] = $argv;
    $server = new Swoole\WebSocket\Server('127.0.0.1', (int) $port, $mode === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
    $server->set(['worker_num' => (int) $workers, 'log_level' => SWOOLE_LOG_NONE, 'open_websocket_close_frame' => true]);
    $server->on('open', fn ($server, $request) => $server->push($request->fd, (string) getmypid()));
    $server->on('request', fn ($request, $response) => $response->end((string) getmypid()));
    $server->on('message', function ($server, $frame) {
        if ($frame->opcode === WEBSOCKET_OPCODE_CLOSE) {
            echo "close frame: $frame->code $frame->reason\n";
            return;
        }
        echo "message: $frame->data\n";
        Co::sleep(0.01);
        $server->push($frame->fd, "echo $frame->data");
    });
    $server->on('close', fn ($server, $fd, $reactor) => print('closed by the ' . ($reactor < 0 ? 'server' : 'client') . "\n"));
    $server->start();
    PHP;

foreach ([['base', 1, false], ['base', 2, false], ['process', 1, false], ['process', 1, true]] as [$mode, $workers, $http]) {
    $output = tempnam(sys_get_temp_dir(), 'steelwool');
    $port = free_port();
    $command = [...php_command(), script_file($script), (string) $port, $mode, (string) $workers];
    $process = proc_open($command, [['file', '/dev/null', 'r'], ['file', $output, 'w'], ['redirect', 1]], $pipes);
    wait_for_port($port);
    $leader = proc_get_status($process)['pid'];
    $request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    $clients = [new RawWebSocket($port), new RawWebSocket($port)];
    $owners = array_map(fn ($client) => (int) $client->message(), $clients);
    if ($http) {
        fwrite($client = connect_to($port), $request);
        read_response($client);
    }
    // Whoever owns the sockets hears of the signal and of what came before it in the same moment.
    $owners = $mode === 'base' ? array_unique($owners) : [$leader];
    array_map(fn ($pid) => posix_kill($pid, SIGSTOP), $owners);
    $clients[0]->send(pack('n', 1000) . 'goodbye', 8);
    $clients[1]->send('hello');
    $http && fwrite($client, $request);
    posix_kill($leader, SIGTERM);
    array_map(fn ($pid) => posix_kill($pid, SIGCONT), $owners);
    echo "$mode, $workers\n", $clients[0]->show(), $clients[1]->show(), $clients[1]->show();
    echo $http ? read_response($client)['status'] . "\n" : '';
    for ($i = 0; $i < 5000 && proc_get_status($process)['running']; $i++) {
        usleep(2000);
    }
    proc_terminate($process, SIGKILL);
    $lines = file($output);
    sort($lines);
    echo implode('', $lines);
    unlink($output);
}
?>
--EXPECT--
base, 1
close 1000 goodbye
text echo hello
close 1001
close frame: 1000 goodbye
closed by the client
closed by the client
closed by the server
message: hello
base, 2
close 1000 goodbye
text echo hello
close 1001
close frame: 1000 goodbye
closed by the client
closed by the client
closed by the server
message: hello
process, 1
close 1000 goodbye
text echo hello
close 1001
close frame: 1000 goodbye
closed by the client
closed by the client
message: hello
process, 1
close 1000 goodbye
text echo hello
close 1001
200
close frame: 1000 goodbye
closed by the client
closed by the client
closed by the server
message: hello
