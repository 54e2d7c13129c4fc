--TEST--
a blocking client says what is wrong
--FILE--
<?php
use Swoole\Client;

function attempt(callable $call): void
{
    try {
        var_dump($call());
    } catch (Throwable $error) {
        echo get_class($error), ': ', $error->getMessage(), "\n";
    }
}

attempt(fn () => new Client(0));
attempt(fn () => new Client(7));
attempt(fn () => new Client(SWOOLE_SOCK_TCP, true));
attempt(fn () => clone new Client(SWOOLE_SOCK_TCP));
attempt(fn () => serialize(new Client(SWOOLE_SOCK_TCP)));

$client = new Client(SWOOLE_SOCK_TCP | SWOOLE_KEEP, false, 'name');
var_dump($client->id, $client->type, $client->sock, $client->setting);
foreach (['recv', 'getsockname', 'getpeername', 'getPeerCert', 'verifyPeerCert', 'close', 'enableSSL', 'getSocket'] as $method) {
    attempt(fn () => $client->$method());
}
attempt(fn () => $client->send('x'));
attempt(fn () => $client->send(''));
attempt(fn () => $client->sendfile(''));
attempt(fn () => $client->sendfile('x'));
attempt(fn () => $client->shutdown(2));
attempt(fn () => $client->enableSSL(null));
var_dump($client->errCode);

echo "connect\n";
attempt(fn () => $client->connect(''));
attempt(fn () => $client->connect('127.0.0.1', 65536));
attempt(fn () => $client->connect('127.0.0.1', -1));
attempt(fn () => $client->connect('127.0.0.1', 1));
var_dump($client->errCode);
attempt(fn () => $client->connect('no.such.host.invalid', 1));
var_dump($client->errCode);

echo "settings\n";
attempt(fn () => $client->set(['a' => 1]) && $client->set(['b' => 2]));
var_dump($client->setting);
foreach ([['bind_address' => 'nonsense'], ['package_length_func' => 'nonsense'], ['socks5_host' => 'x'], ['http_proxy_host' => 'x']] as $set) {
    $client = new Client(SWOOLE_SOCK_TCP);
    $client->set($set);
    attempt(fn () => $client->connect('127.0.0.1', 1));
    var_dump($client->errCode, $client->isConnected());
}
?>
--EXPECTF--
TypeError: Swoole\Client::__construct() expects parameter 1 to be client type, unknown type 0 given
TypeError: Swoole\Client::__construct() expects parameter 1 to be client type, unknown type 7 given
Error: The $async parameter is not supported
Error: Trying to clone an uncloneable object of class Swoole\Client
Exception: Serialization of 'Swoole\Client' is not allowed
string(4) "name"
int(4097)
int(-1)
NULL

Warning: Swoole\Client::recv(): client is not connected to server in %s on line %d
bool(false)

Warning: Swoole\Client::getsockname(): client is not connected to server in %s on line %d
bool(false)

Warning: Swoole\Client::getpeername(): client is not connected to server in %s on line %d
bool(false)

Warning: Swoole\Client::getPeerCert(): client is not connected to server in %s on line %d
bool(false)

Warning: Swoole\Client::verifyPeerCert(): client is not connected to server in %s on line %d
bool(false)

Warning: Swoole\Client::close(): client is not connected to the server in %s on line %d
bool(false)

Warning: Swoole\Client::enableSSL(): client is not connected to server in %s on line %d
bool(false)

Warning: Swoole\Client::getSocket(): client is not connected to server in %s on line %d
bool(false)

Warning: Swoole\Client::send(): client is not connected to server in %s on line %d
bool(false)

Warning: Swoole\Client::send(): data to send is empty in %s on line %d
bool(false)

Warning: Swoole\Client::sendfile(): file to send is empty in %s on line %d
bool(false)

Warning: Swoole\Client::sendfile(): client is not connected to server in %s on line %d
bool(false)

Warning: Swoole\Client::shutdown(): client is not connected to server in %s on line %d
bool(false)
Swoole\Exception: sync client does not support `onSslReady` callback
int(5001)
connect

Warning: Swoole\Client::connect(): The host is empty in %s on line %d
bool(false)

Warning: Swoole\Client::connect(): The port is invalid in %s on line %d
bool(false)

Warning: Swoole\Client::connect(): The port is invalid in %s on line %d
bool(false)

Warning: Swoole\Client::connect(): connect to server[127.0.0.1:1] failed. Error: Connection refused[111] in %s on line %d
bool(false)
int(111)

Warning: Swoole\Client::connect(): connect to server[no.such.host.invalid:1] failed. Error: DNS Lookup resolve failed[711] in %s on line %d
bool(false)
int(711)
settings
bool(true)
array(2) {
  ["a"]=>
  int(1)
  ["b"]=>
  int(2)
}
bool(false)
int(722)
bool(false)

Warning: Swoole\Client::connect(): function 'nonsense' is not callable in %s on line %d
bool(false)
int(503)
bool(false)

Warning: Swoole\Client::connect(): socks5_port should not be null in %s on line %d
bool(false)
int(503)
bool(false)

Warning: Swoole\Client::connect(): http_proxy_port should not be null in %s on line %d
bool(false)
int(503)
bool(false)
