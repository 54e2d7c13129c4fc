--TEST--
what the system does not let us watch is a line in the log and a warning
--FILE--
<?php
use Swoole\Event;

var_dump(Event::add(fopen(__FILE__, 'r'), fn () => null), swoole_last_error());
var_dump(Event::add(777, fn () => null));
[$here, $there] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
$number = Event::add($here, fn () => print("never\n"));
fclose($here);
var_dump(Event::isset($number), Event::set($number, null, fn () => 1, SWOOLE_EVENT_WRITE), Event::write($number, 'x'));
var_dump(Event::del($number), Event::isset($number));
Event::wait();
?>
--EXPECTF--
[%s]	WARNING	ReactorEpoll::add(): [Reactor#0] epoll_ctl(epfd=%d, EPOLL_CTL_ADD, fd=%d, fd_type=16, events=512) failed, Error: Operation not permitted[1]

Warning: Swoole\Event::add(): swoole_event_add failed in %s on line %d
bool(false)
int(503)
[%s]	WARNING	network::_fcntl_set_option(): fcntl(777, GETFL) failed, Error: Bad file descriptor[9]
[%s]	WARNING	network::_fcntl_set_option(): fcntl(777, SETFL, opts) failed, Error: Bad file descriptor[9]
[%s]	WARNING	ReactorEpoll::add(): [Reactor#0] epoll_ctl(epfd=%d, EPOLL_CTL_ADD, fd=777, fd_type=16, events=512) failed, Error: Bad file descriptor[9]

Warning: Swoole\Event::add(): swoole_event_add failed in %s on line %d
bool(false)
[%s]	WARNING	ReactorEpoll::set(): [Reactor#0] epoll_ctl(epfd=%d, EPOLL_CTL_MOD, fd=%d, fd_type=16, events=1024) failed, Error: Bad file descriptor[9]

Warning: Swoole\Event::set(): Swoole\Event::set failed in %s on line %d
bool(true)
bool(false)
bool(false)
[%s]	WARNING	ReactorImpl::after_removal_failure() (ERRNO 800): failed to delete events[fd=%d#0, type=16, events=512, errno=9]
bool(true)
bool(false)
