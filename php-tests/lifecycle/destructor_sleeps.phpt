--TEST--
A destructor may suspend its coroutine
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

class Slow
{
    public function __construct(private string $name)
    {
    }

    public function __destruct()
    {
        echo "{$this->name}: destructor starts in ", Coroutine::getCid(), "\n";
        Coroutine::sleep($this->name === 'unset' ? 0.01 : 0.05);
        echo "{$this->name}: destructor ends in ", Coroutine::getCid(), "\n";
    }
}

Coroutine\run(static function (): void {
    go(static function (): void {
        $slow = new Slow('unset');
        unset($slow);
        echo "after unset\n";
    });
    go(static function (): void {
        $slow = new Slow('end of function');
    });
    echo "creator\n";
});
echo "after run\n";
--EXPECT--
unset: destructor starts in 2
end of function: destructor starts in 3
creator
unset: destructor ends in 2
after unset
end of function: destructor ends in 3
after run
