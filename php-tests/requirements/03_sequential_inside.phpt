--TEST--
Requirement 3: inside of a coroutine the code is sequential, with results in their places
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

function slow_answer(int $question): int
{
    $channel = new Channel(1);
    go(static function () use ($channel, $question): void {
        Coroutine::sleep(0.001 * (4 - $question));
        $channel->push($question * 10);
    });
    return $channel->pop();
}

Coroutine\run(static function (): void {
    $answers = [];
    for ($i = 1; $i <= 3; $i++) {
        $answers[] = "before $i";
        $answers[] = slow_answer($i);
    }
    echo implode(', ', $answers), "\n";
});
--EXPECT--
before 1, 10, before 2, 20, before 3, 30
