--TEST--
Wrong arguments are TypeErrors
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    $channel = new Channel(1);
    $calls = [
        static fn () => new Channel('x'),
        static fn () => $channel->push(),
        static fn () => $channel->push(1, 'x'),
        static fn () => $channel->push(1, 1.0, 2),
        static fn () => $channel->pop('x'),
        static fn () => $channel->pop([]),
    ];
    foreach ($calls as $call) {
        try {
            var_dump($call());
        } catch (TypeError $e) {
            echo $e::class, ': ', $e->getMessage(), "\n";
        }
    }
    var_dump($channel->length());
});
--EXPECT--
TypeError: Swoole\Coroutine\Channel::__construct(): Argument #1 ($size) must be of type int, string given
ArgumentCountError: Swoole\Coroutine\Channel::push() expects at least 1 argument, 0 given
TypeError: Swoole\Coroutine\Channel::push(): Argument #2 ($timeout) must be of type float, string given
ArgumentCountError: Swoole\Coroutine\Channel::push() expects at most 2 arguments, 3 given
TypeError: Swoole\Coroutine\Channel::pop(): Argument #1 ($timeout) must be of type float, string given
TypeError: Swoole\Coroutine\Channel::pop(): Argument #1 ($timeout) must be of type float, array given
int(0)
