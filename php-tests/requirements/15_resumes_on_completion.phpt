--TEST--
Requirement 15: a coroutine resumes when what it waited for is there, not before and not much later
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    $channel = new Channel(1);
    $woken = null;
    go(static function () use ($channel, &$woken): void {
        $channel->pop();
        $woken = microtime(true);
    });
    Coroutine::sleep(0.05);
    var_dump($woken);
    $pushed = microtime(true);
    $channel->push(1);
    var_dump($woken !== null && $woken - $pushed < 0.05);
});
--EXPECT--
NULL
bool(true)
