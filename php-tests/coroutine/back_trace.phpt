--TEST--
getBackTrace() and printBackTrace() of the current, a suspended, a waiting and an unknown coroutine
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

final class Inner
{
    public function waits(int $number): void
    {
        Coroutine::yield();
    }
}

function outer(): void
{
    (new Inner())->waits(7);
}

/** Leaves the folder out, and where a closure was written, which PHP 8.4 adds to its name. */
function without_places(string $trace): string
{
    return preg_replace('/\{closure.*\}/', '{closure}', str_replace(__DIR__ . '/', '', $trace));
}

function show(array|false $trace): void
{
    if ($trace === false) {
        echo 'false, ', swoole_last_error() === SWOOLE_ERROR_CO_NOT_EXISTS ? 'does not exist' : swoole_last_error(), "\n";
        return;
    }
    foreach ($trace as $frame) {
        echo $frame['line'] ?? '-', ' ', $frame['class'] ?? '', $frame['type'] ?? '', without_places($frame['function']), ' ',
            count($frame['args'] ?? []), isset($frame['object']) ? ' with object' : '', "\n";
    }
    echo "--\n";
}

function own(): void
{
    show(Coroutine::getBackTrace());
    show(Coroutine::getBackTrace(Coroutine::getCid(), 0, 1));
    ob_start();
    Coroutine::printBackTrace();
    echo without_places(ob_get_clean()), "--\n";
}

Coroutine\run(static function (): void {
    own();
    $cid = go('outer');
    show(Coroutine::getBackTrace($cid));
    show(Coroutine::getBackTrace($cid, DEBUG_BACKTRACE_IGNORE_ARGS, 2));
    ob_start();
    Coroutine::printBackTrace($cid, 0, 2);
    echo without_places(ob_get_clean()), "--\n";
    $parent = Coroutine::getCid();
    go(static function () use ($parent): void {
        show(Coroutine::getBackTrace($parent, 0, 2));
        go(static fn () => show(Coroutine::getBackTrace($parent, 0, 1)));
        show(array_slice(Coroutine::getBackTrace(-1, 0), -1));
    });
    Coroutine::resume($cid);
    show(Coroutine::getBackTrace($cid));
    var_dump(Coroutine::printBackTrace(99999));
});
show(Coroutine::getBackTrace());
show(Coroutine::getBackTrace(1));
--EXPECT--
41 Swoole\Coroutine::getBackTrace 0
49 own 0
- {closure} 0
--
42 Swoole\Coroutine::getBackTrace 3
--
#0 back_trace.php(49): own()
#1 [internal function]: {closure}()
--
11 Swoole\Coroutine::yield 0
17 Inner->waits 1 with object
- outer 0
--
11 Swoole\Coroutine::yield 0
17 Inner->waits 0
--
#0 back_trace.php(11): Swoole\Coroutine::yield()
#1 back_trace.php(17): Inner->waits(7)
--
57 go 1
- {closure} 0
--
57 go 1
--
48 Swoole\Coroutine\run 1
--
false, does not exist
bool(false)
66 Swoole\Coroutine::getBackTrace 0
--
false, does not exist
