--TEST--
four hundred sockets are watched at once
--FILE--
<?php
use Swoole\Event;

const PAIRS = 400;
$pairs = [];
$read = 0;
for ($i = 0; $i < PAIRS; $i++) {
    $pairs[$i] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    Event::add($pairs[$i][0], function ($socket) use (&$read) {
        $read += (int) fread($socket, 10);
        Event::del($socket);
    });
}
echo Swoole\Coroutine::stats()['event_num'], "\n";
foreach ($pairs as $i => [, $there]) {
    fwrite($there, "$i");
}
Event::wait();
echo $read === array_sum(range(0, PAIRS - 1)) ? 'all' : $read, "\n", Swoole\Coroutine::stats()['event_num'], "\n";
?>
--EXPECT--
400
all
0
