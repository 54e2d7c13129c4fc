--TEST--
dns_lookup_random picks among the addresses; swoole_clear_dns_cache() forgets the last pick
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/DnsServer.php';

$server = DnsServer::start();
swoole_async_set(['dns_server' => "127.0.0.1:{$server->port}", 'dns_lookup_random' => true]);
Co\run(static function () {
    for ($i = 0; $i < 64; $i++) {
        $found[Co\System::dnsLookup('two.test')] = true;
        swoole_clear_dns_cache();
    }
    ksort($found);
    var_dump(array_keys($found));
});
?>
--EXPECT--
array(2) {
  [0]=>
  string(8) "10.0.0.1"
  [1]=>
  string(8) "10.0.0.2"
}
