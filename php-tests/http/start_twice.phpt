--TEST--
Two coroutines cannot serve with one server at the same time
--FILE--
<?php

declare(strict_types=1);

Swoole\Coroutine\run(static function (): void {
    $server = new Swoole\Coroutine\Http\Server('127.0.0.1');
    go(static fn() => var_dump($server->start()));
    try {
        $server->start();
    } catch (Swoole\Error $error) {
        echo preg_replace('/Socket#\d+/', 'Socket#N', $error->getMessage()), ' ', $error->getCode() === SWOOLE_ERROR_CO_HAS_BEEN_BOUND ? 'bound' : '?', "\n";
    }
    $server->shutdown();
});
--EXPECT--
Socket#N has already been bound to another coroutine#2, reading of the same socket in coroutine#1 at the same time is not allowed bound
bool(true)
