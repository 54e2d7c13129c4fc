--TEST--
An uncaught exit in a coroutine ends the process with its status
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

foreach (['0', '3', '"text"', ''] as $status) {
    echo "exit($status)\n";
    show_php(str_replace('STATUS', $status, <<<'PHP'
        register_shutdown_function(static fn () => print("shutdown function\n"));
        Swoole\Coroutine\run(static function (): void {
            go(static function (): void {
                Swoole\Coroutine::sleep(0.2);
                echo "another coroutine\n";
            });
            Swoole\Coroutine::defer(static fn () => print("deferred\n"));
            Swoole\Coroutine::sleep(0.001);
            exit(STATUS);
        });
        echo "after run\n";
        PHP));
}
--EXPECTF--
exit(0)

Fatal error: Uncaught Swoole\ExitException: swoole exit in %s:10
Stack trace:
%A#%d [internal function]: {closure%S}()
#%d {main}
  thrown in %s on line 10
deferred
shutdown function
exit code 255
exit(3)

Fatal error: Uncaught Swoole\ExitException: swoole exit in %s:10
Stack trace:
%A#%d [internal function]: {closure%S}()
#%d {main}
  thrown in %s on line 10
deferred
shutdown function
exit code 255
exit("text")

Fatal error: Uncaught Swoole\ExitException: %r(swoole exit|text)%r in %s:10
Stack trace:
%A#%d [internal function]: {closure%S}()
#%d {main}
  thrown in %s on line 10
deferred
shutdown function
exit code 255
exit()

Fatal error: Uncaught Swoole\ExitException: swoole exit in %s:10
Stack trace:
%A#%d [internal function]: {closure%S}()
#%d {main}
  thrown in %s on line 10
deferred
shutdown function
exit code 255
