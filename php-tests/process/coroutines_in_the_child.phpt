--TEST--
A child begins with no coroutine of its parent's, and has an event loop of its own
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Process;

go(static function (): void {
    Coroutine::sleep(0.05);
    echo "the parent's coroutine\n";
});

foreach ([true, false] as $enabled) {
    (new Process(static function () use ($enabled): void {
        $work = static function (): void {
            echo 'coroutine ', Coroutine::getCid(), ' of ', Coroutine::stats()['coroutine_num'], "\n";
            Coroutine::sleep(0.01);
            echo "slept\n";
        };
        $enabled ? $work() : Coroutine\run($work);
    }, false, 0, $enabled))->start();
    var_dump(Process::wait()['code']);
}
swoole_event_wait();

?>
--EXPECT--
coroutine 1 of 1
slept
int(0)
coroutine 1 of 1
slept
int(0)
the parent's coroutine
