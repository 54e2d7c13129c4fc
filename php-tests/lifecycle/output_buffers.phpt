--TEST--
Each coroutine has its own output buffers
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    $results = [];
    foreach (['a', 'b', 'c'] as $who) {
        go(static function () use ($who, &$results): void {
            ob_start();
            for ($i = 0; $i < 3; $i++) {
                echo $who, $i, ' ';
                Coroutine::sleep(0.001);
            }
            ob_start();
            echo "inner $who";
            Coroutine::sleep(0.001);
            $inner = ob_get_clean();
            $results[$who] = ob_get_clean() . "[$inner]";
        });
        echo "directly written beside $who\n";
    }
    Coroutine::sleep(0.3);
    ksort($results);
    print_r($results);
    echo ob_get_level(), "\n";
});
--EXPECT--
directly written beside a
directly written beside b
directly written beside c
Array
(
    [a] => a0 a1 a2 [inner a]
    [b] => b0 b1 b2 [inner b]
    [c] => c0 c1 c2 [inner c]
)
0
