--TEST--
A process cannot be started inside a coroutine
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

show_php(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        (new Swoole\Process(static fn () => print("never\n")))->start();
        echo "never\n";
    });
    PHP);

?>
--EXPECTF--
%AFatal error: Uncaught Swoole\Error: must be forked outside the coroutine in %s:3
Stack trace:
#0 %s(3): Swoole\Process->start()
#1 [internal function]: {closure%S}()
#2 {main}
  thrown in %s on line 3
exit code 255
