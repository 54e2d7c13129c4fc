--TEST--
an exception that a callback does not catch ends the process as in a coroutine
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$start = <<<'PHP'
    use Swoole\Event;
    register_shutdown_function(fn () => print("shutdown function\n"));
    PHP;
show_php($start . 'Event::defer(fn () => throw new Exception("deferred")); Event::defer(fn () => print("never\n")); Event::wait(); echo "never\n";');
show_php($start . '$pair = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0); fwrite($pair[1], "x");
    Event::add($pair[0], fn () => throw new Exception("event")); Event::wait(); echo "never\n";');
show_php($start . 'swoole_async_set(["enable_coroutine" => false]);
    Event::defer(function () { echo Co::getCid(), "\n"; throw new Exception("without coroutines"); }); Event::wait(); echo "never\n";');
show_php($start . 'Event::cycle(function () { exit(3); }); Event::defer(fn () => null); Event::wait(); echo "never\n";');
?>
--EXPECTF--
%aUncaught Exception: deferred in %a
shutdown function
%aUncaught Exception: event in %a
shutdown function
%a-1
%aUncaught Exception: without coroutines in %a
shutdown function
%aUncaught Swoole\ExitException: swoole exit in %a
shutdown function%A
