--TEST--
Generators keep their state when their body suspends the coroutine, also when two coroutines share one
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

function numbers(string $who, float $seconds): Generator
{
    for ($i = 1; $i <= 3; $i++) {
        Coroutine::sleep($seconds);
        $sent = yield "$who$i";
        if ($sent !== null) {
            echo "$who got $sent\n";
        }
    }
    return "$who returned";
}

function delegate(string $who, float $seconds): Generator
{
    return yield from numbers($who, $seconds);
}

Coroutine\run(static function (): void {
    foreach (['a' => 0.003, 'b' => 0.2] as $who => $seconds) {
        go(static function () use ($who, $seconds): void {
            $generator = delegate($who, $seconds);
            foreach ($generator as $value) {
                echo $value, "\n";
            }
            echo $generator->getReturn(), "\n";
        });
    }
});
--EXPECT--
a1
a2
a3
a returned
b1
b2
b3
b returned
