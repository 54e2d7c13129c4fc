--TEST--
handle() refuses what cannot be called
--FILE--
<?php

declare(strict_types=1);

Swoole\Coroutine\run(static function (): void {
    $server = new Swoole\Coroutine\Http\Server('127.0.0.1');
    var_dump($server->handle('/', 'no_such_function'));
    var_dump($server->handle('/', ['NoClass', 'method']));
    var_dump($server->handle('/', 'strlen'));
});
--EXPECTF--
Warning: Swoole\Coroutine\Http\Server::handle(): function 'no_such_function' is not callable in %s on line %d
bool(false)

Warning: Swoole\Coroutine\Http\Server::handle(): function 'NoClass::method' is not callable in %s on line %d
bool(false)
bool(true)
