--TEST--
dnsLookup() asks the name server that is set and keeps what it says
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/DnsServer.php';

use Swoole\Coroutine\System;

$server = DnsServer::start();
swoole_async_set(['dns_server' => "127.0.0.1:{$server->port}", 'dns_cache_refresh_time' => 0.05]);
Co\run(static function () {
    var_dump(System::dnsLookup('one.test', 5));
    var_dump(Co::dnsLookup('two.test'));
    var_dump(swoole_async_dns_lookup_coro('one6.test', 0.05, AF_INET6));
    var_dump(swoole_async_dns_lookup_coro('one.test6', 5, AF_INET6));
    echo "-- kept for a while\n";
    var_dump(System::dnsLookup('count.test'), System::dnsLookup('count.test'));
    Co::sleep(0.06);
    var_dump(System::dnsLookup('count.test'));
    echo "-- no answer\n";
    foreach (['none.test', 'empty.test', str_repeat('x', 70), str_repeat('x.', 200) . 'x'] as $name) {
        swoole_clear_error();
        var_dump(System::dnsLookup($name, 0.2), swoole_last_error() === SWOOLE_ERROR_DNSLOOKUP_RESOLVE_FAILED);
    }
    echo "-- silence lasts as long as the time-out\n";
    $start = microtime(true);
    var_dump(System::dnsLookup('silent.test', 0.1), swoole_last_error(), round(microtime(true) - $start, 1));
});
?>
--EXPECT--
string(8) "10.0.0.1"
string(8) "10.0.0.1"
bool(false)
string(39) "2001:0db8:0000:0000:0000:0000:0000:0001"
-- kept for a while
string(8) "10.1.0.1"
string(8) "10.1.0.1"
string(8) "10.1.0.2"
-- no answer
bool(false)
bool(true)
bool(false)
bool(true)
bool(false)
bool(true)
bool(false)
bool(true)
-- silence lasts as long as the time-out
bool(false)
int(711)
float(0.1)
