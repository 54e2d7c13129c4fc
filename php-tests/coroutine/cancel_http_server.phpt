--TEST--
cancel() ends what a server waits for
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Http\Server;

Coroutine\run(static function (): void {
    foreach ([false, true] as $throw) {
        $server = new Server('127.0.0.1', 0);
        $cid = go(static function () use ($server): void {
            try {
                var_dump($server->start());
            } catch (Coroutine\CanceledException) {
                echo "caught\n";
            }
            var_dump($server->errCode === SOCKET_ECANCELED, swoole_last_error() === SOCKET_ECANCELED);
        });
        Coroutine::sleep(0.002);
        var_dump(Coroutine::cancel($cid, $throw), Coroutine::exists($cid));
    }
});
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(true)
bool(false)
caught
bool(true)
bool(true)
bool(true)
bool(false)
