--TEST--
Options that are not in this release are named in a warning, not silently ignored
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine::set(['name_resolver' => ['x'], 'max_coroutine' => 5]);
Coroutine::set(['name_resolver' => null]);
var_dump(Coroutine::getOptions());
Coroutine\run(static function (): void {
    $server = new Coroutine\Http\Server('127.0.0.1');
    var_dump($server->set(['open_http2_protocol' => true, 'http_compression' => false]));
});
--EXPECTF--

Warning: Swoole\Coroutine::set(): name_resolver is not in this release in %s on line 7
array(2) {
  ["name_resolver"]=>
  NULL
  ["max_coroutine"]=>
  int(5)
}

Warning: Swoole\Coroutine\Http\Server::set(): open_http2_protocol is not in this release in %s on line 12
bool(true)
