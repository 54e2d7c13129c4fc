--TEST--
dnsLookup() believes no answer but the one to its own question
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/DnsServer.php';

use Swoole\Coroutine\System;

$server = DnsServer::start();
swoole_async_set(['dns_server' => "127.0.0.1:{$server->port}"]);
Co\run(static function () {
    foreach (['garbage.test', 'other.test'] as $name) {
        go(static function () use ($name) {
            var_dump(System::dnsLookup($name, 0.1), swoole_last_error() === SWOOLE_ERROR_DNSLOOKUP_RESOLVE_FAILED);
        });
    }
    var_dump(System::dnsLookup('spoofed.test', 5));
});
?>
--EXPECT--
string(8) "10.0.0.9"
bool(false)
bool(true)
bool(false)
bool(true)
