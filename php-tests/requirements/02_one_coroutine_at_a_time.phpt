--TEST--
Requirement 2: coroutines switch only where they wait or yield; between switches nothing else runs
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    $inside = 0;
    $most = 0;
    $log = [];
    for ($i = 0; $i < 8; $i++) {
        go(static function () use ($i, &$inside, &$most, &$log): void {
            for ($step = 0; $step < 5; $step++) {
                $most = max($most, ++$inside);
                for ($n = 0, $x = 1.0; $n < 20000; $n++) {
                    $x = sqrt($x + $n);
                }
                $inside--;
                $log[] = "$i.$step";
                if ($step % 2 === 0) {
                    Coroutine::sleep(0.001);
                }
            }
        });
    }
    Coroutine::sleep(0.5);
    var_dump($most, count($log));
    // steps 1 and 2 of a coroutine have no switch between them
    $ok = true;
    foreach ($log as $at => $entry) {
        if (str_ends_with($entry, '.1')) {
            $ok = $ok && $log[$at + 1] === substr($entry, 0, -1) . '2';
        }
    }
    var_dump($ok);
});
--EXPECT--
int(1)
int(40)
bool(true)
