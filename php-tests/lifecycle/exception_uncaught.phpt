--TEST--
An uncaught exception ends the process with 255; nothing else of the coroutines runs, shutdown functions do
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

show_php(<<<'PHP'
    register_shutdown_function(static function (): void {
        echo "shutdown function\n";
    });
    Swoole\Coroutine\run(static function (): void {
        go(static function (): void {
            Swoole\Coroutine::sleep(0.2);
            echo "never\n";
        });
        Swoole\Coroutine::defer(static fn () => print("deferred\n"));
        try {
            Swoole\Coroutine::sleep(0.001);
            throw new LogicException('nobody catches this', 42);
        } finally {
            echo "finally\n";
        }
    });
    echo "never\n";
    PHP);
--EXPECTF--
finally

Fatal error: Uncaught LogicException: nobody catches this in %s:13
Stack trace:
#0 [internal function]: {closure%S}()
#1 {main}
  thrown in %s on line 13
deferred
shutdown function
exit code 255
