--TEST--
shutdown() lets start() return true before it returns itself; a server can start again
--FILE--
<?php

declare(strict_types=1);

Swoole\Coroutine\run(static function (): void {
    $server = new Swoole\Coroutine\Http\Server('127.0.0.1');
    var_dump($server->shutdown());
    for ($i = 0; $i < 2; $i++) {
        go(static function () use ($server): void {
            Swoole\Coroutine::sleep(0.01);
            $server->shutdown();
            echo "shutdown() returned\n";
        });
        var_dump($server->start());
        echo $server->errCode, ' ', $server->errMsg, "\n";
    }
});
--EXPECT--
NULL
bool(true)
125 Operation canceled
shutdown() returned
bool(true)
125 Operation canceled
shutdown() returned
