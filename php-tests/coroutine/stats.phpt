--TEST--
Coroutine::stats() has Swoole's keys, and counts
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

foreach (Coroutine::stats() as $key => $value) {
    echo $key, ' ', gettype($value), "\n";
}
Coroutine\run(static function (): void {
    for ($i = 0; $i < 5; $i++) {
        go(static function () use ($i): void {
            Coroutine::sleep($i < 3 ? 0.001 : 0.3);
        });
    }
    $stats = Coroutine::stats();
    echo "{$stats['coroutine_num']} {$stats['coroutine_peak_num']} {$stats['coroutine_last_cid']} {$stats['c_stack_size']}\n";
    Coroutine::sleep(0.05);
    $stats = Coroutine::stats();
    echo "{$stats['coroutine_num']} {$stats['coroutine_peak_num']} {$stats['coroutine_last_cid']}\n";
});
echo Coroutine::stats()['coroutine_num'], "\n";
--EXPECT--
event_num integer
signal_listener_num integer
aio_task_num integer
aio_worker_num integer
aio_queue_size integer
c_stack_size integer
coroutine_num integer
coroutine_peak_num integer
coroutine_last_cid integer
6 6 6 2097152
3 6 6
0
