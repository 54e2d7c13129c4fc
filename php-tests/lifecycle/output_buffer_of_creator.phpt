--TEST--
A child does not write into its creator's buffer
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    ob_start();
    echo "in the buffer\n";
    go(static function (): void {
        echo 'child level ', ob_get_level(), "\n";
        Coroutine::sleep(0.001);
        echo "child again\n";
    });
    Coroutine::sleep(0.05);
    echo "still in the buffer\n";
    $text = ob_get_clean();
    echo "[$text]\n";
});
--EXPECT--
child level 0
child again
[in the buffer
still in the buffer
]
