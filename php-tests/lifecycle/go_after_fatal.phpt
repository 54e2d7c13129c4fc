--TEST--
A shutdown function may start coroutines after an uncaught exception; they run as far as they need no loop
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

register_shutdown_function(static function (): void {
    $cid = go(static function (): void {
        $channel = new Channel(1);
        go(static function () use ($channel): void {
            echo "child\n";
            $channel->push('from the child');
        });
        echo $channel->pop(), "\n";
    });
    var_dump(Coroutine::exists($cid));
    echo "end\n";
});
Coroutine\run(static function (): void {
    go(static fn () => Coroutine::yield());
    throw new Exception('uncaught');
});
--EXPECTF--
Fatal error: Uncaught Exception: uncaught in %s:22
Stack trace:
#0 [internal function]: {closure%S}()
#1 {main}
  thrown in %s on line 22
child
from the child
bool(false)
end
