--TEST--
System::waitSignal() suspends until one of the signals arrives, and holds the loop
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\System;
use Swoole\Process;

Coroutine\run(static function (): void {
    foreach ([SIGUSR2, [SIGUSR1, SIGUSR2]] as $signals) {
        go(static function (): void {
            Coroutine::sleep(0.01);
            posix_kill(getmypid(), SIGUSR2);
        });
        var_dump(System::waitSignal($signals) === SIGUSR2);
    }
    var_dump(System::waitSignal(SIGUSR1, 0.01), swoole_last_error() === SWOOLE_ERROR_CO_TIMEDOUT);
    go(static function (): void {
        Coroutine::sleep(0.01);
        var_dump(Process::signal(SIGUSR1, static fn () => null));
        posix_kill(getmypid(), SIGUSR1);
    });
    var_dump(Coroutine::waitSignal(SIGUSR1) === SIGUSR1);
    var_dump(System::waitSignal(SIGCHLD), System::waitSignal([500, SIGUSR1]));
    Process::signal(SIGUSR1, static fn () => null);
    var_dump(System::waitSignal(SIGUSR2));
    Process::signal(SIGUSR1, null);
});

?>
--EXPECTF--
bool(true)
bool(true)
bool(false)
bool(true)

Warning: Swoole\Process::signal(): signal [10] processor has been registered by the system in %s on line %d
bool(false)
bool(true)

Warning: Swoole\Coroutine\System::waitSignal(): Invalid signal in the given list in %s on line %d

Warning: Swoole\Coroutine\System::waitSignal(): Invalid signal in the given list in %s on line %d
bool(false)
bool(false)

Warning: Swoole\Coroutine\System::waitSignal(): Unable to wait signal, async signal listener has been registered in %s on line %d
bool(false)
