--TEST--
What coroutines hold that never go on is destroyed without running them: neither deferred functions nor finally blocks
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

final class Held
{
    public function __construct(private string $by)
    {
    }

    public function __destruct()
    {
        echo "$this->by destroyed\n";
    }
}

$global = new Held('global');
Coroutine::set(['enable_deadlock_check' => false]);
Coroutine\run(static function (): void {
    go(static function (): void {
        $held = new Held('suspended');
        Coroutine\defer(static fn () => print("deferred\n"));
        try {
            Coroutine::yield();
        } finally {
            echo "finally\n";
        }
    });
    $ended = new Held('ended');
});
echo "end\n";
--EXPECT--
ended destroyed
end
global destroyed
suspended destroyed
