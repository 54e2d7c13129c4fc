--TEST--
An autoloader may suspend; several coroutines that want the same class get it
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

spl_autoload_register(static function (string $class): void {
    echo "loading $class\n";
    Coroutine::sleep(0.001);
    eval("class $class { public const NAME = '$class'; }");
});

$got = [];
Coroutine\run(static function () use (&$got): void {
    for ($i = 0; $i < 3; $i++) {
        go(static function () use ($i, &$got): void {
            $got[$i] = Lazy::NAME;
        });
    }
});
ksort($got);
print_r($got);
--EXPECT--
loading Lazy
Array
(
    [0] => Lazy
    [1] => Lazy
    [2] => Lazy
)
