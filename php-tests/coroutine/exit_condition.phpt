--TEST--
exit_condition is asked when nothing is left to do, and keeps the loop going
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

$asked = 0;
Coroutine::set(['exit_condition' => static function () use (&$asked): bool {
    $asked++;
    echo 'asked, ', Coroutine::getCid(), ', ', Coroutine::stats()['coroutine_num'], "\n";
    if ($asked < 3) {
        go(static function () use ($asked): void {
            Coroutine::sleep(0.001);
            echo "more $asked\n";
        });
    }
    return $asked === 3;
}]);
Coroutine\run(static function (): void {
    Coroutine::sleep(0.001);
    echo "first\n";
});
var_dump($asked);
--EXPECT--
first
asked, -1, 0
more 1
asked, -1, 0
more 2
asked, -1, 0
int(3)
