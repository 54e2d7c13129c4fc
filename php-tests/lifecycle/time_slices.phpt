--TEST--
Endless loops are taken off, compiled or not, and exceptions reach them
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\CanceledException;

Coroutine::set(['enable_preemptive_scheduler' => true, 'hook_flags' => 0]);
Coroutine\run(static function (): void {
    $loops = [];
    foreach ([1, 2] as $number) {
        $loops[] = go(static function () use ($number): void {
            $turns = 0;
            try {
                while (true) {
                    $turns++;
                }
            } catch (CanceledException $exception) {
                echo "$number: caught, ", $turns > 1000 ? 'turned' : $turns, "\n";
            }
        });
    }
    $called = go(static function (): void {
        try {
            for (;;) {
                strlen(str_repeat('x', 3));
            }
        } finally {
            echo "3: finally\n";
        }
    });
    Coroutine::sleep(0.001);
    echo "slept\n";
    foreach ($loops as $loop) {
        var_dump(Coroutine::cancel($loop), Coroutine::cancel($loop, true));
    }
    Coroutine::join($loops);
    var_dump(array_map(Coroutine::exists(...), $loops), Coroutine::exists($called));
    exit(0);
});
--EXPECTREGEX--
slept
bool\(false\)
bool\(true\)
bool\(false\)
bool\(true\)
1: caught, turned
2: caught, turned
array\(2\) \{
  \[0\]=>
  bool\(false\)
  \[1\]=>
  bool\(false\)
\}
bool\(true\)
.*ExitException.*
