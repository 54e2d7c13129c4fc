--TEST--
pecl/http, which was never adapted, yields through libcurl, where it is installed
--SKIPIF--
<?php
if (!extension_loaded('http')) {
    echo 'skip pecl/http for PHP ', PHP_MAJOR_VERSION, ' is not loaded';
}
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

$server = slow_http_server();
$off = SWOOLE_HOOK_ALL & ~(SWOOLE_HOOK_SLEEP | SWOOLE_HOOK_FILE | SWOOLE_HOOK_PROC);
show_concurrency('http\Client', static function () use ($server): void {
    $client = new http\Client();
    $client->enqueue(new http\Client\Request('GET', "http://127.0.0.1:$server->port/"));
    $client->send();
    expect((string) $client->getResponse()->getBody() === 'hello', 'body');
}, $off);
--EXPECT--
http\Client: together, in turns without the hook
