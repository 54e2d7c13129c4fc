--TEST--
Options that are not in this release are named in a warning, not silently ignored
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    $server = new Coroutine\Http\Server('127.0.0.1');
    var_dump($server->set(['open_http2_protocol' => true, 'http_compression' => false]));
});
--EXPECTF--

Warning: Swoole\Coroutine\Http\Server::set(): open_http2_protocol is not in this release in %s on line 9
bool(true)
