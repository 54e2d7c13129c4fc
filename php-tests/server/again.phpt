--TEST--
Server: one after the other on the same port, in one process
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

show_php(<<<'PHP'
    foreach ([SWOOLE_BASE, SWOOLE_PROCESS, SWOOLE_BASE] as $mode) {
        $server = new Swoole\Server('127.0.0.1', $port ?? 0, $mode);
        $port ??= $server->port;
        $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_ERROR]);
        $server->on('receive', function ($server, $fd, $reactor, $data) {
            $server->send($fd, "got $data");
            $server->shutdown();
        });
        $server->on('workerStart', fn () => go(function () use ($port) {
            $client = new Swoole\Coroutine\Client(SWOOLE_SOCK_TCP);
            var_dump($client->connect('127.0.0.1', $port, 10), $client->send('it'), $client->recv(10));
        }));
        var_dump($server->start());
    }
    PHP);
?>
--EXPECT--
bool(true)
int(2)
string(6) "got it"
bool(true)
bool(true)
int(2)
string(6) "got it"
bool(true)
bool(true)
int(2)
string(6) "got it"
bool(true)
exit code 0
