--TEST--
Every kind of callable can be a coroutine
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

function plain(string $from): void
{
    echo "plain from $from\n";
}

class Work
{
    public function method(): void
    {
        echo __METHOD__, "\n";
    }

    public static function still(): void
    {
        echo __METHOD__, "\n";
    }

    public function __invoke(): void
    {
        echo __METHOD__, "\n";
    }
}

Coroutine\run(static function (): void {
    go('plain', 'string');
    go(plain(...), 'first class');
    go([new Work(), 'method']);
    go([Work::class, 'still']);
    go('Work::still');
    go(new Work());
    go(static fn () => print("arrow\n"));
});
--EXPECT--
plain from string
plain from first class
Work::method
Work::still
Work::still
Work::__invoke
arrow
