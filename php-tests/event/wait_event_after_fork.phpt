--TEST--
a child of pcntl_fork() waits for descriptors on a loop of its own
--EXTENSIONS--
pcntl
--FILE--
<?php
use Swoole\Coroutine;

[$here, $there] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
function wait_for_data(mixed $socket, string $who): void
{
    Coroutine\run(function () use ($socket, $who) {
        var_dump(Coroutine::waitEvent($socket, SWOOLE_EVENT_READ, 10) === SWOOLE_EVENT_READ);
        echo $who, ' reads ', fread($socket, 10), "\n";
    });
}
fwrite($there, 'one');
wait_for_data($here, 'parent');
$child = pcntl_fork();
if ($child === 0) {
    wait_for_data($there, 'child');
    fwrite($there, 'back');
    exit(0);
}
fwrite($here, 'two');
wait_for_data($here, 'parent');
pcntl_wait($status);
?>
--EXPECT--
bool(true)
parent reads one
bool(true)
child reads two
bool(true)
parent reads back
