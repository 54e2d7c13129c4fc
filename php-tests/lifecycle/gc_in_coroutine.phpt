--TEST--
The cycle collector runs destructors that suspend
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

class Knot
{
    public ?Knot $self;

    public function __construct(private int $id)
    {
        $this->self = $this;
    }

    public function __destruct()
    {
        echo "knot {$this->id}\n";
    }
}

Coroutine\run(static function (): void {
    for ($i = 0; $i < 3; $i++) {
        go(static function () use ($i): void {
            $knot = new Knot($i);
            Coroutine::sleep(0.02 * ($i + 1));
            unset($knot);
            echo gc_collect_cycles(), "\n";
        });
    }
});
--EXPECT--
knot 0
1
knot 1
1
knot 2
1
