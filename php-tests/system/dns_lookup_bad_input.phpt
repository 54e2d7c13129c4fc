--TEST--
dnsLookup(): wrong names, wrong types, a name server that is none
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

use Swoole\Coroutine\System;

swoole_async_set(['dns_server' => 'not an address']);
Co\run(static function () {
    var_dump(System::dnsLookup('', 1), swoole_last_error());
    var_dump(System::dnsLookup(12, 1), System::dnsLookup([], 1));
    try {
        System::dnsLookup('one.test', 'x');
    } catch (TypeError $error) {
        echo $error->getMessage(), "\n";
    }
    var_dump(System::dnsLookup('one.test', 1), swoole_last_error());
});
?>
--EXPECTF--

Warning: Swoole\Coroutine\System::dnsLookup(): domain name empty in %s on line 8
bool(false)
int(503)

Warning: Swoole\Coroutine\System::dnsLookup(): invalid domain name in %s on line 9

Warning: Swoole\Coroutine\System::dnsLookup(): invalid domain name in %s on line 9
bool(false)
bool(false)
Swoole\Coroutine\System::dnsLookup(): Argument #2 ($timeout) must be of type float, string given
bool(false)
int(711)
