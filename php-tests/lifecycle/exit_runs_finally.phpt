--TEST--
exit in a coroutine unwinds through finally and destructors
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

class Witness
{
    public function __destruct()
    {
        echo "destructed\n";
    }
}

Coroutine\run(static function (): void {
    try {
        (static function (): void {
            $witness = new Witness();
            try {
                exit(1);
            } finally {
                echo "finally\n";
            }
        })();
    } catch (Swoole\ExitException $e) {
        echo "caught {$e->getStatus()}\n";
    }
});
--EXPECT--
finally
destructed
caught 1
