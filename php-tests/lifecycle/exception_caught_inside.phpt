--TEST--
An exception thrown across a suspension is caught in its own coroutine
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

function fail(): void
{
    Coroutine::sleep(0.001);
    throw new DomainException('after a sleep');
}

Coroutine\run(static function (): void {
    for ($i = 0; $i < 3; $i++) {
        go(static function () use ($i): void {
            try {
                fail();
            } catch (DomainException $e) {
                echo "$i: ", $e->getMessage(), "\n";
            } finally {
                Coroutine::sleep(0.02 * ($i + 1));
                echo "$i: finally\n";
            }
        });
    }
});
echo "end\n";
--EXPECT--
0: after a sleep
1: after a sleep
2: after a sleep
0: finally
1: finally
2: finally
end
