--TEST--
WebSocket\Server: when its process ends, a connection is closed with 1001, "going away" (RFC 6455, 7.4.1)
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

foreach ([['BASE', SWOOLE_BASE, SIGUSR1], ['BASE', SWOOLE_BASE, SIGTERM], ['PROCESS', SWOOLE_PROCESS, SIGTERM]] as [$name, $mode, $signal]) {
    $server = ServerProcess::start(<<<'PHP'
        $server = new Swoole\WebSocket\Server('127.0.0.1', (int) $argv[1], (int) getenv('MODE'));
        $server->set(['worker_num' => 2, 'log_level' => SWOOLE_LOG_NONE]);
        $server->on('message', fn ($server, $frame) => $server->push($frame->fd, $frame->data));
        $server->start();
        PHP, env: ['MODE' => (string) $mode]);
    $socket = connect_to($server->port);
    fwrite($socket, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        . "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    while (fgets($socket) !== "\r\n");
    fwrite($socket, "\x81\x85\0\0\0\0hello");
    echo $name, ': ', substr(fread($socket, 7), 2);
    posix_kill($server->pid(), $signal);
    echo ' ', bin2hex(stream_get_contents($socket)), "\n";
    $server->stop();
}
?>
--EXPECT--
BASE: hello 880203e9
BASE: hello 880203e9
PROCESS: hello 880203e9
