--TEST--
A fatal error in a coroutine created by a coroutine
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

show_php(<<<'PHP'
    register_shutdown_function(static fn () => print("shutdown function\n"));
    Swoole\Coroutine\run(static function (): void {
        go(static function (): void {
            go(static function (): void {
                eval('abstract final class B {}');
            });
            echo "never\n";
        });
        echo "never\n";
    });
    echo "never\n";
    PHP);
--EXPECTF--

Fatal error: Cannot use the final modifier on an abstract class in %s(6) : eval()'d code on line 1
shutdown function
exit code 255
