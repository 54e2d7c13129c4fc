--TEST--
A fatal error outside of coroutines ends the script: coroutines and timers do not go on, shutdown functions do
--FILE--
<?php
register_shutdown_function(function () {
    echo "shutdown function\n";
    Swoole\Event::wait();
});
go(function () {
    Co::defer(function () {
        echo "deferred\n";
    });
    Co::sleep(0.01);
    echo "after a sleep\n";
});
Swoole\Timer::tick(10, function () {
    echo "tick\n";
});
register_shutdown_function(function () {
    echo "another one\n";
});
throw new Exception('the end');
?>
--EXPECTF--
Fatal error: Uncaught Exception: the end in %s
Stack trace:
#0 {main}
  thrown in %s on line %d
shutdown function
another one
