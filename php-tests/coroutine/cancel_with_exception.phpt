--TEST--
cancel() with an exception throws where the coroutine waits
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\CanceledException;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    $channel = new Channel(1);
    $waits = [
        'yield' => static fn () => Coroutine::yield(),
        'sleep' => static fn () => Coroutine::sleep(10),
        'pop' => static fn () => $channel->pop(),
    ];
    foreach ($waits as $name => $wait) {
        $cid = go(static function () use ($name, $wait): void {
            Coroutine\defer(static function () use ($name): void {
                echo "$name: deferred\n";
            });
            try {
                $wait();
                echo "not reached\n";
            } catch (CanceledException $exception) {
                echo $name, ': ', var_export($exception->getMessage(), true), ', ', $exception->getCode(), ', line ',
                    $exception->getLine() - $exception->getCode(), ', ', basename($exception->getFile()) === basename(__FILE__) ? 'here' : 'elsewhere',
                    ', ', var_export(Coroutine::isCanceled(), true), "\n";
            } finally {
                echo "$name: finally\n";
            }
        });
        var_dump(Coroutine::cancel($cid, true), Coroutine::exists($cid));
    }
    $cid = go(static function (): void {
        for ($i = 1; $i <= 3; $i++) {
            try {
                Coroutine::sleep(10);
            } catch (CanceledException) {
                echo "caught $i\n";
            }
        }
    });
    var_dump(Coroutine::cancel($cid, true), Coroutine::cancel($cid, true), Coroutine::cancel($cid, true), Coroutine::cancel($cid, true));
});
--EXPECT--
yield: '', 0, line 12, here, true
yield: finally
yield: deferred
bool(true)
bool(false)
sleep: '', 0, line 13, here, true
sleep: finally
sleep: deferred
bool(true)
bool(false)
pop: '', 0, line 14, here, true
pop: finally
pop: deferred
bool(true)
bool(false)
caught 1
caught 2
caught 3
bool(true)
bool(true)
bool(true)
bool(false)
