--TEST--
An exception in a deferred function is uncaught
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

show_php(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        Swoole\Coroutine::defer(static fn () => print("first deferred\n"));
        Swoole\Coroutine::defer(static function (): void {
            throw new RuntimeException('in a deferred function');
        });
        echo "body\n";
    });
    echo "never\n";
    PHP);
--EXPECTF--
body

Fatal error: Uncaught RuntimeException: in a deferred function in %s:5
Stack trace:
#0 [internal function]: {closure%S}(NULL)
#1 {main}
  thrown in %s on line 5
exit code 255
