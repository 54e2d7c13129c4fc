--TEST--
The file of a Unix socket goes with the socket that was bound to it
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

use Swoole\Coroutine;
use Swoole\Coroutine\Socket;

$path = sys_get_temp_dir() . '/steelwool-' . bin2hex(random_bytes(6)) . '.sock';
$shown = static function (string $what) use ($path): void {
    clearstatcache();
    echo "$what: ", file_exists($path) ? filetype($path) : 'no file', "\n";
};

Swoole\Coroutine\run(static function () use ($path, $shown): void {
    foreach ([SOCK_STREAM, SOCK_DGRAM] as $type) {
        $socket = new Socket(AF_UNIX, $type, 0);
        var_dump($socket->bind($path));
        $shown('bound');
        var_dump($socket->close());
        $shown('closed');
        unset($socket);
        Coroutine::sleep(0.001);
        $shown('freed');

        $socket = new Socket(AF_UNIX, $type, 0);
        var_dump($socket->bind($path));
        $second = new Socket(AF_UNIX, $type, 0);
        var_dump($second->bind($path));
        $second->close();
        $shown('another one that could not be bound is closed');
        unset($socket);
        Coroutine::sleep(0.001);
        $shown('freed');
    }

    $listener = new Socket(AF_UNIX, SOCK_STREAM, 0);
    $listener->bind($path);
    $listener->listen();
    $client = new Socket(AF_UNIX, SOCK_STREAM, 0);
    var_dump($client->connect($path));
    $connection = $listener->accept();
    $client->close();
    $connection->close();
    $shown('connections are closed');

    // Somebody has put another file there.
    unlink($path);
    file_put_contents($path, 'mine');
    $listener->close();
    unset($listener);
    Coroutine::sleep(0.001);
    $shown('not its file any more');
    unlink($path);

    $listener = new Socket(AF_UNIX, SOCK_STREAM, 0);
    $listener->bind($path);
    $GLOBALS['listener'] = $listener;
});
// A child has a copy of the socket.
$child = new Swoole\Process(static function (): void {
    global $listener;
    $listener = null;
}, false, 0, false);
$child->start();
Swoole\Process::wait();
$shown('a child is gone');
$listener = null;
$shown('freed');
--EXPECT--
bool(true)
bound: socket
bool(true)
closed: socket
freed: no file
bool(true)
bool(false)
another one that could not be bound is closed: socket
freed: no file
bool(true)
bound: socket
bool(true)
closed: socket
freed: no file
bool(true)
bool(false)
another one that could not be bound is closed: socket
freed: no file
bool(true)
connections are closed: socket
not its file any more: file
a child is gone: socket
freed: no file
