--TEST--
An exception in a child coroutine does not reach the creator's catch
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

show_php(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        try {
            go(static function (): void {
                throw new RuntimeException('from the child');
            });
            echo "never\n";
        } catch (RuntimeException $e) {
            echo "never caught here\n";
        }
    });
    echo "never\n";
    PHP);
--EXPECTF--

Fatal error: Uncaught RuntimeException: from the child in %s:5
Stack trace:
#0 [internal function]: {closure%S}()
#1 {main}
  thrown in %s on line 5
exit code 255
