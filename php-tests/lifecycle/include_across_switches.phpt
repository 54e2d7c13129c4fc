--TEST--
An included file may suspend
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

require __DIR__ . '/../include/bootstrap.php';

$file = script_file('Swoole\Coroutine::sleep(0.001); return "file sees $local";');
Coroutine\run(static function () use ($file): void {
    foreach (['a', 'b'] as $local) {
        go(static function () use ($file, $local): void {
            echo include $file, "\n";
        });
    }
});
--EXPECT--
file sees a
file sees b
