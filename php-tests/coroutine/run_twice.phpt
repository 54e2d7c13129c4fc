--TEST--
run() can be called again
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

for ($i = 0; $i < 3; $i++) {
    var_dump(Coroutine\run(static function () use ($i): void {
        go(static function () use ($i): void {
            Coroutine::sleep(0.002);
            echo "child $i\n";
        });
        Coroutine::sleep(0.001);
        echo "run $i\n";
    }));
}
--EXPECT--
run 0
child 0
bool(true)
run 1
child 1
bool(true)
run 2
child 2
bool(true)
