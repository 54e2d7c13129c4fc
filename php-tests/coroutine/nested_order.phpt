--TEST--
Nested coroutines run depth first and come back to the creator when they suspend
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    go(static function (): void {
        echo "a1\n";
        go(static function (): void {
            echo "b1\n";
            go(static function (): void {
                echo "c1\n";
                Coroutine::sleep(0.06);
                echo "c2\n";
            });
            echo "b2\n";
            Coroutine::sleep(0.04);
            echo "b3\n";
        });
        echo "a2\n";
        Coroutine::sleep(0.02);
        echo "a3\n";
    });
    echo "main\n";
});
echo "end\n";
--EXPECT--
a1
b1
c1
b2
a2
main
a3
b3
c2
end
