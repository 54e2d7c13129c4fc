--TEST--
set_exception_handler() is called for an uncaught exception of a coroutine
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

show_php(<<<'PHP'
    set_exception_handler(static function (Throwable $e): void {
        echo 'handler: ', $e->getMessage(), "\n";
    });
    register_shutdown_function(static fn () => print("shutdown function\n"));
    Swoole\Coroutine\run(static function (): void {
        go(static function (): void {
            Swoole\Coroutine::sleep(0.005);
            echo "another coroutine goes on\n";
        });
        go(static function (): void {
            throw new RuntimeException('oops');
        });
        echo "creator goes on\n";
    });
    echo "after run\n";
    PHP);
--EXPECTF--

Fatal error: Uncaught RuntimeException: oops in %s:12
Stack trace:
#0 [internal function]: {closure%S}()
#1 {main}
  thrown in %s on line 12
shutdown function
exit code 255
