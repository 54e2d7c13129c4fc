--TEST--
Server: close_errno in the event close says whether a client has reset its connection, whatever it speaks
--EXTENSIONS--
sockets
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

foreach (['SWOOLE_BASE', 'SWOOLE_PROCESS'] as $mode) {
    foreach (['bytes', 'http', 'websocket'] as $kind) {
        $server = ServerProcess::start(<<<'PHP'
            $class = getenv('KIND') === 'bytes' ? Swoole\Server::class : Swoole\WebSocket\Server::class;
            $server = new $class('127.0.0.1', (int) getenv('PORT'), constant(getenv('MODE')));
            $server->set(['worker_num' => 1, 'log_file' => '/dev/null']);
            $known = [];
            $server->on('receive', function ($server, $fd) use (&$known) {
                $known[$fd] = true;
                $server->send($fd, 'ok');
            });
            $server->on('request', function ($request, $response) use (&$known) {
                $known[$request->fd] = true;
                $response->end('ok');
            });
            $server->on('open', function ($server, $request) use (&$known) {
                $known[$request->fd] = true;
            });
            $server->on('message', fn () => null);
            $server->on('close', function ($server, $fd) use (&$known) {
                if (isset($known[$fd])) {
                    echo "errno {$server->getClientInfo($fd)['close_errno']}\n";
                }
            });
            $server->start();
            PHP, env: ['MODE' => $mode, 'KIND' => $kind]);
        foreach ([true, false] as $resets) {
            $client = socket_create(AF_INET, SOCK_STREAM, 0);
            socket_connect($client, '127.0.0.1', $server->port);
            $head = "GET / HTTP/1.1\r\nHost: x\r\n";
            socket_write($client, match ($kind) {
                'bytes' => 'x',
                'http' => "$head\r\n",
                'websocket' => $head . "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            });
            socket_read($client, 1000);
            if ($resets) {
                socket_set_option($client, SOL_SOCKET, SO_LINGER, ['l_onoff' => 1, 'l_linger' => 0]);
            }
            $before = strlen($server->output());
            socket_close($client);
            $until = microtime(true) + 10;
            while (strlen($server->output()) === $before && microtime(true) < $until) {
                usleep(2000);
            }
        }
        echo "$mode, $kind: ", json_encode(explode("\n", trim($server->output()))), "\n";
        $server->kill();
    }
}
?>
--EXPECT--
SWOOLE_BASE, bytes: ["errno 104","errno 0"]
SWOOLE_BASE, http: ["errno 104","errno 0"]
SWOOLE_BASE, websocket: ["errno 104","errno 0"]
SWOOLE_PROCESS, bytes: ["errno 104","errno 0"]
SWOOLE_PROCESS, http: ["errno 104","errno 0"]
SWOOLE_PROCESS, websocket: ["errno 104","errno 0"]
