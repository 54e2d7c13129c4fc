--TEST--
a million coroutines that came and went, and 100,000 that were cancelled at once, leave the process as small as before
--CONFLICTS--
all
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

require __DIR__ . '/../include/bootstrap.php';

Coroutine::set(['max_coroutine' => 200_000]);

function million(): void
{
    for ($i = 0; $i < 1_000_000; $i++) {
        go(static fn () => null);
    }
}

function cancelled(): void
{
    $ids = [];
    for ($i = 0; $i < 100_000; $i++) {
        $ids[] = go(static fn () => Coroutine::sleep(1000));
    }
    echo Coroutine::stats()['coroutine_num'] > 100_000 ? 'all sleep' : 'some are missing', "\n";
    foreach ($ids as $id) {
        Coroutine::cancel($id);
    }
}

function grown(int $before): string
{
    $ratio = resident_bytes() / $before;
    return $ratio < 1.05 ? 'as before' : sprintf('%.2f times as large', $ratio);
}

// PHP's own table of objects grows once and stays.
Coroutine\run(cancelled(...));
$before = resident_bytes();
Coroutine\run(million(...));
echo 'million: ', grown($before), "\n";
Coroutine\run(cancelled(...));
echo 'cancelled: ', grown($before), "\n";

// In a loop that goes on as well.
Coroutine\run(static function () use ($before): void {
    cancelled();
    Coroutine::sleep(1.1);
    // Whoever is next to come and go finds that the burst is over.
    cancelled();
    Coroutine::sleep(0.01);
    echo 'cancelled in a loop that goes on: ', grown($before), "\n";
});
?>
--EXPECT--
all sleep
million: as before
all sleep
cancelled: as before
all sleep
all sleep
cancelled in a loop that goes on: as before
