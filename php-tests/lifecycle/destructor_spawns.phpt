--TEST--
A destructor may create a coroutine
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

class Parting
{
    public function __destruct()
    {
        go(static function (): void {
            Coroutine::sleep(0.001);
            echo "farewell from ", Coroutine::getCid(), "\n";
        });
    }
}

Coroutine\run(static function (): void {
    new Parting();
    echo "body\n";
});
--EXPECT--
body
farewell from 2
