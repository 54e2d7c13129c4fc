--TEST--
Waits for signals and children end when their coroutine is cancelled
--SKIPIF--
<?php

if (!method_exists(Swoole\Coroutine::class, 'cancel')) {
    die('skip needs Coroutine::cancel()');
}

?>
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\System;
use Swoole\Process;

$pid = (new Process(static fn () => sleep(10), false, 0))->start();
Coroutine\run(static function () use ($pid): void {
    $waits = [
        static fn () => System::waitSignal(SIGUSR1),
        static fn () => System::wait(),
        static fn () => System::waitPid($pid),
    ];
    foreach ($waits as $wait) {
        $id = Coroutine::getCid();
        go(static function () use ($id): void {
            Coroutine::sleep(0.001);
            var_dump(Coroutine::cancel($id));
        });
        var_dump($wait(), swoole_last_error() === SWOOLE_ERROR_CO_CANCELED);
    }
});
Process::kill($pid, SIGKILL);
var_dump(Process::wait()['signal']);

?>
--EXPECT--
bool(false)
bool(true)
bool(true)
bool(false)
bool(true)
bool(true)
bool(false)
bool(true)
bool(true)
int(9)
