--TEST--
start() works in coroutines only
--FILE--
<?php

declare(strict_types=1);

$server = new Swoole\Coroutine\Http\Server('127.0.0.1');
try {
    $server->start();
} catch (Swoole\Error $error) {
    echo $error->getMessage(), "\n";
}
--EXPECT--
API must be called in the coroutine
