--TEST--
A user's Fiber that waits in a coroutine when the script ends, by deadlock or by a fatal error, crashes nothing
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$deadlock = run_php(<<<'PHP'
    use Swoole\Coroutine;
    Coroutine::set(['enable_deadlock_check' => false]);
    Coroutine\run(function (): void {
        go(function (): void {
            $fiber = $GLOBALS['fiber'] = new Fiber(function (): void {
                Coroutine::yield();
            });
            $fiber->start();
        });
    });
    var_dump($GLOBALS['fiber']->isRunning(), $GLOBALS['fiber']->isSuspended());
    try {
        $GLOBALS['fiber']->resume();
    } catch (FiberError $e) {
        echo $e->getMessage(), "\n";
    }
    echo "end\n";
    PHP);
echo $deadlock['out'], 'exit code ', $deadlock['code'], "\n";

$fatal = run_php(<<<'PHP'
    use Swoole\Coroutine;
    Coroutine\run(function (): void {
        go(function (): void {
            $GLOBALS['fiber'] = new Fiber(function (): void {
                Coroutine::sleep(10);
            });
            $GLOBALS['fiber']->start();
        });
        unset($GLOBALS['fiber']);
        gc_collect_cycles();
        no_such_function();
    });
    PHP);
echo $fatal['out'], 'exit code ', $fatal['code'], "\n";
--EXPECTF--
bool(true)
bool(false)
Cannot resume a fiber that is not suspended
end
exit code 0

Fatal error: Uncaught Error: Call to undefined function no_such_function() in %s:%d
Stack trace:
#0 [internal function]: {closure%S}()
#1 {main}
  thrown in %s on line %d
exit code 255
