--TEST--
An exception of cancel() that nobody catches ends the script like any other
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

register_shutdown_function(static function (): void {
    echo "shutdown\n";
});
Coroutine\run(static function (): void {
    $cid = go(static function (): void {
        Coroutine\defer(static function (): void {
            echo "deferred\n";
        });
        Coroutine::sleep(10);
    });
    Coroutine::cancel($cid, true);
    echo "not reached\n";
});
echo "not reached\n";
--EXPECTF--
Fatal error: Uncaught Swoole\Coroutine\CanceledException in %s:15
Stack trace:
#0 %s(15): Swoole\Coroutine::sleep(10)
#1 [internal function]: {closure%S}()
#2 {main}
  thrown in %s on line 15
deferred
shutdown
