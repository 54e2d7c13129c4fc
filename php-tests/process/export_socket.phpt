--TEST--
exportSocket(): both ends of a process's pipe as coroutine sockets
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Process;

foreach ([SOCK_DGRAM, SOCK_STREAM] as $type) {
    $child = new Process(static function (Process $process): void {
        $socket = $process->exportSocket();
        while (($data = $socket->recv()) !== 'end') {
            $socket->send(strrev($data));
        }
        $socket->sendAll('bye');
    }, false, $type, true);
    $child->start();
    Coroutine\run(static function () use ($child, $type): void {
        $socket = $child->exportSocket();
        var_dump($socket === $child->exportSocket(), $socket->domain === AF_UNIX, $socket->type === $type, $socket->fd !== $child->pipe);
        Coroutine::create(static function () use ($socket): void {
            Coroutine::sleep(0.01);
            $socket->send('hello');
        });
        var_dump($socket->recv(65536, 5));
        $socket->send('end');
        var_dump($socket->recv(65536, 5));
    });
    Process::wait();
}
$child = new Process(static fn () => null, false, 0);
var_dump($child->exportSocket());
?>
--EXPECTF--
bool(true)
bool(true)
bool(true)
bool(true)
string(5) "olleh"
string(3) "bye"
bool(true)
bool(true)
bool(true)
bool(true)
string(5) "olleh"
string(3) "bye"

Warning: Swoole\Process::exportSocket(): no pipe, cannot export stream in %s on line %d
bool(false)
