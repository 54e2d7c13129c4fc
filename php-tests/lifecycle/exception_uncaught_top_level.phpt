--TEST--
An uncaught exception in a top-level go(), before and after a suspension
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

show_php(<<<'PHP'
    register_shutdown_function(static fn () => print("shutdown function\n"));
    go(static function (): void {
        throw new RuntimeException('at once');
    });
    echo "never\n";
    PHP);
show_php(<<<'PHP'
    error_reporting(E_ALL & ~E_DEPRECATED);
    register_shutdown_function(static fn () => print("shutdown function\n"));
    go(static function (): void {
        Swoole\Coroutine::sleep(0.001);
        throw new RuntimeException('later');
    });
    echo "end of script\n";
    PHP);
--EXPECTF--

Fatal error: Uncaught RuntimeException: at once in %s:4
Stack trace:
#0 [internal function]: {closure%S}()
#1 {main}
  thrown in %s on line 4
shutdown function
exit code 255
end of script
shutdown function

Fatal error: Uncaught RuntimeException: later in %s:6
Stack trace:
#0 [internal function]: {closure%S}()
#1 {main}
  thrown in %s on line 6
exit code 255
