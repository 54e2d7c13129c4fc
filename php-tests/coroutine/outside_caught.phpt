--TEST--
The error for a call outside of a coroutine can be caught (in Swoole it cannot), and the process lives on
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

foreach ([Coroutine::yield(...), static fn () => Coroutine::sleep(0.001), static fn () => (new Coroutine\Channel())->pop()] as $call) {
    try {
        $call();
    } catch (Swoole\Error $e) {
        echo $e->getMessage(), "\n";
    }
}
Coroutine\run(static function (): void {
    Coroutine::sleep(0.001);
    echo "and coroutines work\n";
});
--EXPECT--
API must be called in the coroutine
API must be called in the coroutine
API must be called in the coroutine
and coroutines work
