--TEST--
Event says what is wrong with descriptors, events and callbacks
--FILE--
<?php
use Swoole\Event;

function attempt(callable $call): void
{
    try {
        var_dump($call());
    } catch (Throwable $error) {
        echo get_class($error), ': ', $error->getMessage(), "\n";
    }
}

echo "before the loop\n";
attempt(fn () => Event::del(5));
attempt(fn () => Event::set(5));
attempt(fn () => Event::isset(5));
attempt(fn () => Event::write(5, 'x'));
attempt(fn () => Event::write(5, ''));
attempt(fn () => new Event());

echo "what is no descriptor\n";
$none = fn () => null;
$closed = fopen('php://temp', 'r');
fclose($closed);
foreach ([null, 1.5, 'abc', -1, [], new stdClass(), fopen('php://memory', 'r'), $closed] as $value) {
    attempt(fn () => Event::add($value, $none));
}
attempt(fn () => Event::add(0, null, $none, SWOOLE_EVENT_WRITE));

echo "callbacks and events\n";
[$here, $there] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
attempt(fn () => Event::add($here));
attempt(fn () => Event::add($here, 'no_such_function'));
attempt(fn () => Event::add($here, null, null, SWOOLE_EVENT_WRITE));
attempt(fn () => Event::add($here, $none, 123, SWOOLE_EVENT_WRITE));
attempt(fn () => Event::add($here, $none, null, 0));
attempt(fn () => Event::add($here, $none) === (int) $here ? 'number' : 'descriptor');
attempt(fn () => Event::add($here, $none));
attempt(fn () => Event::set($there));
attempt(fn () => Event::set($here, null, null, SWOOLE_EVENT_WRITE));
attempt(fn () => Event::set($here, 'no_such_function'));
attempt(fn () => Event::set('x'));
attempt(fn () => Event::isset('x'));
attempt(fn () => Event::del('x'));
attempt(fn () => Event::del($there));
attempt(fn () => Event::write($there, 'x'));
attempt(fn () => Event::del($here));
attempt(fn () => Event::del($here));
attempt(fn () => Event::add());
attempt(fn () => Event::write($here, []));
Event::wait();
?>
--EXPECTF--
before the loop

Warning: Swoole\Event::del(): reactor is not ready, cannot call swoole_event_del in %s
bool(false)

Warning: Swoole\Event::set(): reactor is not ready, cannot call swoole_event_set in %s
bool(false)
bool(false)

Warning: Swoole\Event::write(): socket[5] is not found in the reactor in %s
bool(false)

Warning: Swoole\Event::write(): data empty in %s
bool(false)
Error: The object of Swoole\Event can not be created for security reasons
what is no descriptor

Warning: Swoole\Event::add(): invalid file descriptor passed in %s

Warning: Swoole\Event::add(): unknown fd type in %s
bool(false)

Warning: Swoole\Event::add(): invalid file descriptor passed in %s

Warning: Swoole\Event::add(): unknown fd type in %s
bool(false)

Warning: Swoole\Event::add(): invalid file descriptor passed in %s

Warning: Swoole\Event::add(): unknown fd type in %s
bool(false)

Warning: Swoole\Event::add(): invalid file descriptor#-1 passed in %s

Warning: Swoole\Event::add(): unknown fd type in %s
bool(false)

Warning: Swoole\Event::add(): invalid file descriptor passed in %s

Warning: Swoole\Event::add(): unknown fd type in %s
bool(false)

Warning: Swoole\Event::add(): unknown fd type in %s
bool(false)

Warning: Swoole\Event::add(): Cannot represent a stream of type MEMORY as a select()able descriptor in %s

Warning: Swoole\Event::add(): fd argument must be either valid PHP stream or valid PHP socket resource in %s

Warning: Swoole\Event::add(): unknown fd type in %s
bool(false)

Warning: Swoole\Event::add(): fd argument must be either valid PHP stream or valid PHP socket resource in %s

Warning: Swoole\Event::add(): unknown fd type in %s
TypeError: Swoole\Event::add(): supplied resource is not a valid stream resource

Warning: Swoole\Event::add(): invalid socket fd [0] in %s
bool(false)
callbacks and events

Warning: Swoole\Event::add(): Swoole\Event: unable to find readable callback of fd [%d] in %s
bool(false)

Warning: Swoole\Event::add(): function 'no_such_function' is not callable in %s

Warning: Swoole\Event::add(): Swoole\Event: unable to find readable callback of fd [%d] in %s
Swoole\Exception: readable_callback must be of type callable, string given

Warning: Swoole\Event::add(): Swoole\Event: unable to find writable callback of fd [%d] in %s
bool(false)

Warning: Swoole\Event::add(): function '123' is not callable in %s

Warning: Swoole\Event::add(): Swoole\Event: unable to find writable callback of fd [%d] in %s
Swoole\Exception: writable_callback must be of type callable, int given

Warning: Swoole\Event::add(): invalid events in %s
bool(false)
string(10) "descriptor"

Warning: Swoole\Event::add(): already exist in %s
bool(false)

Warning: Swoole\Event::set(): socket[%d] is not found in the reactor in %s
bool(false)

Warning: Swoole\Event::set(): Swoole\Event: unable to find writable callback of fd [%d] in %s
bool(false)

Warning: Swoole\Event::set(): function 'no_such_function' is not callable in %s
Swoole\Exception: readable_callback must be of type callable, string given

Warning: Swoole\Event::set(): invalid file descriptor passed in %s
bool(false)

Warning: Swoole\Event::isset(): invalid file descriptor passed in %s

Warning: Swoole\Event::isset(): unknown type in %s
bool(false)

Warning: Swoole\Event::del(): invalid file descriptor passed in %s

Warning: Swoole\Event::del(): unknown type in %s
bool(false)
bool(false)

Warning: Swoole\Event::write(): socket[%d] is not found in the reactor in %s
bool(false)
bool(true)
bool(false)
ArgumentCountError: Swoole\Event::add() expects at least 1 argument, 0 given
TypeError: Swoole\Event::write(): Argument #2 ($data) must be of type string, array given
