--TEST--
Coroutine::waitEvent() refuses bad descriptors, a second wait for one, and what is watched; it can be cancelled
--FILE--
<?php
use Swoole\Coroutine;
use Swoole\Event;

function attempt(mixed ...$arguments): void
{
    swoole_clear_error();
    var_dump(Coroutine::waitEvent(...$arguments));
    echo swoole_last_error(), "\n";
}

Coroutine\run(function () {
    [$here, $there] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    attempt($here, 0);
    attempt($here, 1);
    attempt(-1);
    attempt('x');
    attempt(999);
    attempt(999, SWOOLE_EVENT_READ, 0);
    attempt(fopen(__FILE__, 'r'));
    attempt(fopen(__FILE__, 'r'), SWOOLE_EVENT_READ, 0);
    echo "twice\n";
    $first = Coroutine::create(function () use ($here) {
        attempt($here);
    });
    attempt($here, SWOOLE_EVENT_READ, 0.01);
    attempt($here, SWOOLE_EVENT_WRITE, 0.01);
    var_dump(Event::add($here, fn () => null));
    var_dump(Coroutine::cancel($first));
    echo "watched\n";
    Event::add($here, fn () => null);
    attempt($here, SWOOLE_EVENT_READ, 0.01);
    Event::del($here);
});
try {
    Coroutine::waitEvent(0);
} catch (Swoole\Error $error) {
    echo $error->getMessage(), "\n";
}
?>
--EXPECTF--
bool(false)
22
bool(false)
22

Warning: Swoole\Coroutine::waitEvent(): invalid file descriptor#-1 passed in %s

Warning: Swoole\Coroutine::waitEvent(): unknown fd type in %s
bool(false)
503

Warning: Swoole\Coroutine::waitEvent(): invalid file descriptor passed in %s

Warning: Swoole\Coroutine::waitEvent(): unknown fd type in %s
bool(false)
503
[%s]	WARNING	ReactorEpoll::add(): [Reactor#0] epoll_ctl(epfd=%d, EPOLL_CTL_ADD, fd=999, fd_type=8, events=512) failed, Error: Bad file descriptor[9]
bool(false)
9
bool(false)
9
[%s]	WARNING	ReactorEpoll::add(): [Reactor#0] epoll_ctl(epfd=%d, EPOLL_CTL_ADD, fd=%d, fd_type=8, events=512) failed, Error: Operation not permitted[1]
bool(false)
1
int(512)
0
twice
[%s]	WARNING	ReactorEpoll::add(): [Reactor#0] epoll_ctl(epfd=%d, EPOLL_CTL_ADD, fd=%d, fd_type=8, events=512) failed, Error: File exists[17]
bool(false)
17
[%s]	WARNING	ReactorEpoll::add(): [Reactor#0] epoll_ctl(epfd=%d, EPOLL_CTL_ADD, fd=%d, fd_type=8, events=1024) failed, Error: File exists[17]
bool(false)
17
[%s]	WARNING	ReactorEpoll::add(): [Reactor#0] epoll_ctl(epfd=%d, EPOLL_CTL_ADD, fd=%d, fd_type=16, events=512) failed, Error: File exists[17]

Warning: Swoole\Event::add(): swoole_event_add failed in %s on line %d
bool(false)
bool(false)
10017
bool(true)
watched
[%s]	WARNING	ReactorEpoll::add(): [Reactor#0] epoll_ctl(epfd=%d, EPOLL_CTL_ADD, fd=%d, fd_type=8, events=512) failed, Error: File exists[17]
bool(false)
17
API must be called in the coroutine
