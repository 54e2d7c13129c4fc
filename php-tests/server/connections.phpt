--TEST--
Server: connections in both modes: events, answers, what is known, closing by either side
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    [, $mode, $workers] = $argv;
    Swoole\Runtime::enableCoroutine(SWOOLE_HOOK_ALL);
    $server = new Swoole\Server('127.0.0.1', 0, $mode === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
    $server->set(['worker_num' => (int) $workers, 'log_level' => SWOOLE_LOG_ERROR]);
    $port = $server->port;
    $server->on('workerStart', function ($server, $id) use ($port) {
        if ($id !== 0) {
            return;
        }
        go(function () use ($server, $port) {
            $ask = function ($client, $text) {
                fwrite($client, $text);
                $answer = fread($client, 1000);
                echo "asked $text: $answer\n";
            };
            $client = stream_socket_client("tcp://127.0.0.1:$port");
            foreach (['hello', 'info', 'list', 'bind', 'bye'] as $text) {
                $ask($client, $text);
            }
            $end = json_encode(fread($client, 100));
            echo "end: $end\n";
            $client = stream_socket_client("tcp://127.0.0.1:$port");
            $ask($client, 'again');
            fclose($client);
            usleep(50000);
            $server->shutdown();
        });
    });
    $server->on('connect', function ($server, $fd, $reactor) {
        echo "connect $fd, in a coroutine: " . json_encode(Co::getCid() > 0) . "\n";
    });
    $server->on('receive', function ($server, $fd, $reactor, $data) {
        switch ($data) {
            case 'info':
                $info = $server->getClientInfo($fd);
                ksort($info);
                return $server->send($fd, json_encode(array_map('gettype', $info)));
            case 'list':
                $all = [];
                foreach ($server->connections as $index => $connection) {
                    $all[$index] = $connection;
                }
                $known = [isset($server->connections[$fd]), isset($server->connections[$fd + 1]), is_array($server->connections[$fd])];
                return $server->send($fd, json_encode([$server->getClientList(), count($server->connections), $all, $known]));
            case 'bind':
                $bound = [$server->bind($fd, 77), $server->bind($fd, 78), $server->getClientInfo($fd)['uid']];
                return $server->send($fd, json_encode($bound));
            case 'bye':
                $done = [$server->send($fd, 'good bye'), $server->close($fd), $server->close($fd), $server->exist($fd), $server->send($fd, 'x')];
                echo 'after close: ' . json_encode($done) . "\n";
                break;
            default:
                $server->send($fd, strrev($data));
        }
    });
    $server->on('close', function ($server, $fd, $reactor) {
        $who = $reactor < 0 ? 'server' : 'client';
        echo "close $fd by the $who, known: " . json_encode(is_array($server->getClientInfo($fd))) . "\n";
    });
    $server->on('shutdown', function () {
        echo "shutdown\n";
    });
    $server->start();
    PHP;
$expected = null;
foreach (['base 1', 'base 2', 'process 1', 'process 2'] as $kind) {
    $output = run_php($script, arguments: explode(' ', $kind))['out'];
    // Processes write as they like: what each connection sees is in order, lines of clients and servers may be mixed.
    $lines = explode("\n", trim($output));
    $ours = preg_grep('/^(asked|end)/', $lines);
    $theirs = preg_grep('/^(asked|end)/', $lines, PREG_GREP_INVERT);
    $output = implode("\n", $ours) . "\n--\n" . implode("\n", $theirs) . "\n";
    if ($expected === null) {
        echo $expected = $output;
    }
    echo $kind, ': ', $output === $expected ? 'the same' : $output, "\n";
}
?>
--EXPECT--
asked hello: olleh
asked info: {"close_errno":"integer","connect_time":"integer","last_dispatch_time":"double","last_recv_time":"double","last_send_time":"double","last_time":"integer","reactor_id":"integer","recv_queued_bytes":"integer","remote_ip":"string","remote_port":"integer","send_queued_bytes":"integer","server_fd":"integer","server_port":"integer","socket_fd":"integer","socket_type":"integer"}
asked list: [[1],1,{"1":1},[true,false,true]]
asked bind: [true,false,77]
asked bye: good bye
end: ""
asked again: niaga
--
connect 1, in a coroutine: true
close 1 by the server, known: true
after close: [true,true,false,false,false]
connect 2, in a coroutine: true
close 2 by the client, known: true
shutdown
base 1: the same
base 2: the same
process 1: the same
process 2: the same
