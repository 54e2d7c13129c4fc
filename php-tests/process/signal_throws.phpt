--TEST--
An exception that a signal's function does not catch ends the script
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

show_php(<<<'PHP'
    Swoole\Process::signal(SIGUSR1, static fn () => throw new Exception('from the handler'));
    Swoole\Timer::after(1, static fn () => posix_kill(getmypid(), SIGUSR1));
    Swoole\Timer::after(5000, static fn () => print("never\n"));
    swoole_event_wait();
    echo "never\n";
    PHP);

?>
--EXPECTF--
%AFatal error: Uncaught Exception: from the handler in %s:2
Stack trace:
#0 [internal function]: {closure%S}(%S)
#1 {main}
  thrown in %s on line 2
exit code 255
