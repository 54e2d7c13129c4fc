--TEST--
Channel can be extended, also with its own constructor and properties
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

class Counting extends Channel
{
    public int $pushes = 0;

    public function __construct(public readonly string $name, int $capacity)
    {
        parent::__construct($capacity);
    }

    public function push(mixed $data, float $timeout = -1): bool
    {
        $this->pushes++;
        return parent::push($data, $timeout);
    }
}

Coroutine\run(static function (): void {
    $channel = new Counting('numbers', 2);
    go(static function () use ($channel): void {
        for ($i = 0; $i < 3; $i++) {
            $channel->push($i);
        }
    });
    echo $channel->pop(), $channel->pop(), $channel->pop(), "\n";
    echo "{$channel->name} {$channel->pushes} {$channel->capacity}\n";
});
--EXPECT--
012
numbers 3 2
