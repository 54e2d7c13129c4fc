--TEST--
With enable_preemptive_scheduler an endless loop lets others run
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine::set(['enable_preemptive_scheduler' => true, 'hook_flags' => 0]);
$loop = true;
go(static function () use (&$loop): void {
    echo "loops\n";
    while ($loop) {
    }
    echo "ends\n";
});
go(static function () use (&$loop): void {
    echo "second\n";
    $loop = false;
});
echo "started\n";
swoole_event_wait();
--EXPECT--
loops
second
started
ends
