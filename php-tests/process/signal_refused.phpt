--TEST--
What is no signal or no function is refused
--FILE--
<?php

declare(strict_types=1);

use Swoole\Process;

var_dump(Process::signal(-1, static fn () => null));
var_dump(Process::signal(128, static fn () => null));
var_dump(Process::signal(SIGUSR1, 'no_such_function'));
var_dump(Process::signal(SIGUSR1));
var_dump(Process::signal(SIGUSR1, SIG_IGN));
posix_kill(getmypid(), SIGUSR1);
echo "ignored\n";

?>
--EXPECTF--
Warning: Swoole\Process::signal(): invalid signal number [-1] in %s on line %d
bool(false)

Warning: Swoole\Process::signal(): invalid signal number [128] in %s on line %d
bool(false)

Warning: Swoole\Process::signal(): function 'no_such_function' is not callable in %s on line %d
bool(false)

Warning: Swoole\Process::signal(): unable to find the callback of signal [10] in %s on line %d
bool(false)
bool(true)
ignored
