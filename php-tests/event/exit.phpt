--TEST--
Event::exit() ends the loop after the round; timers are gone, and coroutines that wait are reported
--FILE--
<?php
use Swoole\Coroutine;
use Swoole\Event;
use Swoole\Timer;

Event::exit();
[$here, $there] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
Event::add($here, fn () => print("never\n"));
Timer::tick(10, function () {
    echo "tick\n";
    Event::exit();
    Event::defer(fn () => print("deferred\n"));
});
Timer::after(10, fn () => print("never\n"));
Coroutine::create(function () {
    Coroutine::sleep(5);
    echo "never\n";
});
Event::wait();
var_dump(Event::isset($here), iterator_count(Timer::list()), Coroutine::stats()['coroutine_num']);
echo "another loop\n";
Coroutine\run(function () {
    Coroutine::sleep(0.001);
    Event::exit();
    echo "after exit\n";
    Coroutine::sleep(0.001);
    echo "never\n";
});
?>
--EXPECTF--
tick
deferred

 =================================================================
  [FATAL ERROR]: all coroutines (count: 1) are asleep - deadlock!
 =================================================================

  [Coroutine-1]
 -----------------------------------------------------------------
#0 %s(%d): Swoole\Coroutine::sleep()
#1 [internal function]: {closure%S}()

 =================================================================
bool(false)
int(0)
int(1)
another loop
after exit

 =================================================================
  [FATAL ERROR]: all coroutines (count: 2) are asleep - deadlock!
 =================================================================

%A
 =================================================================
