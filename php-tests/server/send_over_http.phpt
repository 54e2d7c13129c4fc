--TEST--
Server::send() over HTTP: before a reply, behind it, and in its place after detach()
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    $mode = getenv('MODE') === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS;
    $server = new Swoole\Http\Server('127.0.0.1', (int) $argv[1], $mode);
    $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_ERROR]);
    $reply = fn (string $body) => "HTTP/1.1 200 OK\r\nContent-Length: " . strlen($body) . "\r\n\r\n$body";
    $server->on('request', function ($request, $response) use ($server, $reply) {
        $fd = $request->fd;
        switch ($request->server['path_info']) {
            case '/hints':
                $sent = $server->send($fd, "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
                Co::sleep(0.01);
                return $response->end($sent ? 'hinted' : 'not hinted');
            case '/detached':
                $response->detach();
                return $server->send($fd, $reply('by hand'));
            case '/detached/late':
                $server->send($fd, $reply('by '));
                Co::sleep(0.01);
                $response->detach();
                return;
            case '/pieces':
                $response->detach();
                foreach (str_split($reply('in pieces'), 7) as $piece) {
                    Co::sleep(0.001);
                    $server->send($fd, $piece);
                }
                return;
            case '/behind':
                $response->end('first');
                return $server->send($fd, $reply('second'));
            case '/closed':
                $response->detach();
                $server->send($fd, $reply(str_repeat('x', 200_000)));
                return $server->close($fd);
        }
        $response->end('another');
    });
    $server->start();
    PHP;
foreach (['base', 'process'] as $mode) {
    echo "$mode\n";
    $server = ServerProcess::start($script, env: ['MODE' => $mode]);
    $connection = stream_socket_client("tcp://127.0.0.1:$server->port");
    stream_set_timeout($connection, 20);
    $read = function () use ($connection): string {
        $status = fgets($connection);
        for ($length = 0; ($line = trim((string) fgets($connection))) !== '';) {
            sscanf(strtolower($line), 'content-length: %d', $length) === 1 || $length ??= 0;
        }
        return trim((string) $status) . ' ' . ($length > 0 ? stream_get_contents($connection, $length) : '') . "\n";
    };
    foreach (['/hints' => 2, '/detached' => 1, '/detached/late' => 1, '/pieces' => 1, '/behind' => 2, '/' => 1] as $path => $replies) {
        fwrite($connection, "GET $path HTTP/1.1\r\nHost: a\r\n\r\n");
        while ($replies-- > 0) {
            echo $read();
        }
    }
    // requests that are there already are answered in their turn
    fwrite($connection, str_repeat("GET /detached HTTP/1.1\r\nHost: a\r\n\r\nGET /behind HTTP/1.1\r\nHost: a\r\n\r\n", 2));
    echo $read(), $read(), $read(), $read(), $read(), $read();
    fwrite($connection, "GET /closed HTTP/1.1\r\nHost: a\r\n\r\n");
    echo strlen($read()), ' ', fread($connection, 1) === '' && feof($connection) ? 'closed' : 'open', "\n";
    $server->stop();
}
?>
--EXPECT--
base
HTTP/1.1 103 Early Hints 
HTTP/1.1 200 OK hinted
HTTP/1.1 200 OK by hand
HTTP/1.1 200 OK by 
HTTP/1.1 200 OK in pieces
HTTP/1.1 200 OK first
HTTP/1.1 200 OK second
HTTP/1.1 200 OK another
HTTP/1.1 200 OK by hand
HTTP/1.1 200 OK first
HTTP/1.1 200 OK second
HTTP/1.1 200 OK by hand
HTTP/1.1 200 OK first
HTTP/1.1 200 OK second
200017 closed
process
HTTP/1.1 103 Early Hints 
HTTP/1.1 200 OK hinted
HTTP/1.1 200 OK by hand
HTTP/1.1 200 OK by 
HTTP/1.1 200 OK in pieces
HTTP/1.1 200 OK first
HTTP/1.1 200 OK second
HTTP/1.1 200 OK another
HTTP/1.1 200 OK by hand
HTTP/1.1 200 OK first
HTTP/1.1 200 OK second
HTTP/1.1 200 OK by hand
HTTP/1.1 200 OK first
HTTP/1.1 200 OK second
200017 closed
