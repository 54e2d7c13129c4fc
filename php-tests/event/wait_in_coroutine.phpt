--TEST--
Event::wait() in a coroutine or a callback of the loop is a fatal error
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

show_php('go(function () { Swoole\Event::wait(); echo "never\n"; });');
show_php('Swoole\Event::defer(function () { swoole_event_wait(); echo "never\n"; }); Swoole\Event::wait();');
?>
--EXPECTF--
%AFatal error: Swoole\Event::wait(): Unable to call Event::wait() in coroutine in %a
%AFatal error: swoole_event_wait(): Unable to call Event::wait() in coroutine in %a
