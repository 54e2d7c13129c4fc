--TEST--
port 0 takes a free port; IPv6, unix sockets and a shared port work
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine\Http\Server;

Swoole\Coroutine\run(static function (): void {
    $path = sys_get_temp_dir() . '/steelwool-' . getmypid() . '.sock';
    foreach (['127.0.0.1', '0.0.0.0', '::1', "unix:$path"] as $host) {
        $server = new Server($host);
        var_dump($server->port > 0, $server->host === $host, $server->fd > 2, $server->errCode);
    }
    $one = new Server('127.0.0.1', 0, false, true);
    $two = new Server('127.0.0.1', $one->port, false, true);
    var_dump($one->port === $two->port);
    unlink($path);
});
--EXPECT--
bool(true)
bool(true)
bool(true)
int(0)
bool(true)
bool(true)
bool(true)
int(0)
bool(true)
bool(true)
bool(true)
int(0)
bool(false)
bool(true)
bool(true)
int(0)
bool(true)
