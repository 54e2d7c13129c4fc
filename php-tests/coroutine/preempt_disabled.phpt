--TEST--
disableScheduler() keeps a coroutine running, enableScheduler() lets it be taken off again
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

var_dump(Coroutine::disableScheduler(), Coroutine::enableScheduler());
Coroutine::set(['enable_preemptive_scheduler' => true, 'hook_flags' => 0]);
Coroutine\run(static function (): void {
    $busy = static function (): void {
        $end = microtime(true) + 0.04;
        while (microtime(true) < $end) {
        }
    };
    go(static function () use ($busy): void {
        var_dump(Coroutine::disableScheduler(), Coroutine::disableScheduler());
        $busy();
        echo "not interrupted\n";
        var_dump(Coroutine::enableScheduler(), Coroutine::enableScheduler());
        $busy();
        echo "ends\n";
    });
    echo "meanwhile\n";
});
Coroutine::set(['enable_preemptive_scheduler' => false]);
Coroutine\run(static function (): void {
    go(static function (): void {
        $end = microtime(true) + 0.03;
        while (microtime(true) < $end) {
        }
        echo "off again\n";
    });
    echo "after\n";
});
--EXPECT--
bool(false)
bool(false)
bool(true)
bool(false)
not interrupted
bool(true)
bool(false)
meanwhile
ends
off again
after
