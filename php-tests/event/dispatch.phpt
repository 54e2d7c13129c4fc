--TEST--
Event::dispatch() runs one round of the loop and leaves the rest to do
--FILE--
<?php
use Swoole\Event;
use Swoole\Timer;

var_dump(Event::dispatch());
$timer = Timer::tick(10, fn () => print("tick\n"));
for ($round = 1; $round <= 4; $round++) {
    echo "round $round\n";
    var_dump(Event::dispatch());
}
Timer::clear($timer);
[$here, $there] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
Event::add($here, function ($socket) {
    echo fread($socket, 9), "\n";
});
fwrite($there, 'data');
Event::dispatch();
fwrite($there, 'more');
Event::dispatch();
Event::del($here);
Event::wait();
?>
--EXPECT--
bool(false)
round 1
bool(true)
round 2
tick
bool(true)
round 3
tick
bool(true)
round 4
tick
bool(true)
data
more
