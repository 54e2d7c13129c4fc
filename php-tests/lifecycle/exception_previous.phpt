--TEST--
Exceptions keep their trace and their previous one across coroutines
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    $channel = new Channel();
    go(static function () use ($channel): void {
        try {
            Coroutine::sleep(0.001);
            throw new RuntimeException('inner');
        } catch (RuntimeException $e) {
            $channel->push($e);
        }
    });
    try {
        throw new LogicException('outer', 1, $channel->pop());
    } catch (LogicException $e) {
        echo $e->getMessage(), ' < ', $e->getPrevious()->getMessage(), ' line ', $e->getPrevious()->getLine(), "\n";
        echo count($e->getPrevious()->getTrace()), "\n";
    }
});
--EXPECT--
outer < inner line 13
1
