--TEST--
set() merges settings and refuses an empty list
--FILE--
<?php

declare(strict_types=1);

Swoole\Coroutine\run(static function (): void {
    $server = new Swoole\Coroutine\Http\Server('127.0.0.1');
    var_dump($server->settings, $server->set([]));
    var_dump($server->set(['a' => 1, 'package_max_length' => 10]));
    var_dump($server->set(['a' => 2]));
    echo json_encode($server->settings), "\n";
});
--EXPECT--
NULL
bool(false)
bool(true)
bool(true)
{"a":2,"package_max_length":10}
