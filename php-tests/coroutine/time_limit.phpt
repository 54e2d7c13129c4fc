--TEST--
setTimeLimit() throws in what the coroutine waits for when the time has passed
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\TimeoutException;

$start = microtime(true);
Coroutine\run(static function (): void {
    foreach (['sleep' => static fn () => Coroutine::sleep(10), 'yield' => static fn () => Coroutine::yield()] as $name => $wait) {
        go(static function () use ($name, $wait): void {
            var_dump(Coroutine::setTimeLimit(1.9));
            try {
                $wait();
                echo "not reached\n";
            } catch (TimeoutException $exception) {
                echo $name, ': ', get_class($exception), ' ', var_export($exception->getMessage(), true), ' ', $exception->getCode(), "\n";
            }
        });
    }
    go(static function (): void {
        Coroutine::setTimeLimit(1);
        echo "ends before\n";
    });
});
$took = microtime(true) - $start;
var_dump($took > 0.99 && $took < 1.9);
--EXPECT--
bool(true)
bool(true)
ends before
sleep: Swoole\Coroutine\TimeoutException '' 0
yield: Swoole\Coroutine\TimeoutException '' 0
bool(true)
