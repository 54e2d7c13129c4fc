--TEST--
run() returns only when every coroutine has ended
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

$result = Coroutine\run(static function (): void {
    for ($i = 0; $i < 3; $i++) {
        go(static function () use ($i): void {
            Coroutine::sleep(0.02 * (3 - $i));
            echo "done $i\n";
        });
    }
    echo "main coroutine ends\n";
});
var_dump($result);
--EXPECT--
main coroutine ends
done 2
done 1
done 0
bool(true)
