--TEST--
A server object cannot be cloned, serialized or stripped of its properties
--FILE--
<?php

declare(strict_types=1);

Swoole\Coroutine\run(static function (): void {
    $server = new Swoole\Coroutine\Http\Server('127.0.0.1');
    foreach ([
        static fn() => clone $server,
        static fn() => serialize($server),
        static function () use ($server): void { unset($server->port); },
    ] as $try) {
        try {
            $try();
        } catch (Throwable $error) {
            echo get_class($error), ': ', $error->getMessage(), "\n";
        }
    }
    var_dump((new ReflectionClass($server))->isFinal());
});
--EXPECT--
Error: Trying to clone an uncloneable object of class Swoole\Coroutine\Http\Server
Exception: Serialization of 'Swoole\Coroutine\Http\Server' is not allowed
Error: Property port of class Swoole\Coroutine\Http\Server cannot be unset
bool(true)
