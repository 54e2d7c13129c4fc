--TEST--
A coroutine starts with its creator's error_reporting()
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

error_reporting(E_ALL & ~E_NOTICE);
Coroutine\run(static function (): void {
    echo error_reporting() === (E_ALL & ~E_NOTICE) ? "as the script\n" : "other\n";
    error_reporting(E_ERROR);
    go(static function (): void {
        echo error_reporting(), "\n";
        Coroutine::sleep(0.001);
        echo error_reporting(), "\n";
        trigger_error('not shown', E_USER_WARNING);
    });
    Coroutine::sleep(0.05);
    echo error_reporting(), "\n";
});
--EXPECT--
as the script
1
1
1
