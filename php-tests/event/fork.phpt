--TEST--
a child process has watches of its own; its parent's go on
--FILE--
<?php
use Swoole\Event;
use Swoole\Process;

[$here, $there] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
Event::add($here, function ($socket) {
    echo 'parent reads ', fread($socket, 10), "\n";
    Event::del($socket);
});
$process = new Process(function () use ($here, $there) {
    var_dump(Event::isset($here));
    Event::add($there, function ($socket) {
        echo 'child reads ', fread($socket, 10), "\n";
        Event::del($socket);
    });
    Event::wait();
}, false, 0);
fwrite($here, 'from parent');
$process->start();
Process::wait();
fwrite($there, 'from child');
Event::wait();
?>
--EXPECT--
bool(false)
child reads from paren
parent reads from child
