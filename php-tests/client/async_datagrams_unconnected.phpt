--TEST--
Async\Client sends datagrams before it connects
--FILE--
<?php
use Swoole\Async\Client;

$receiver = stream_socket_server('udp://127.0.0.1:0', $number, $text, STREAM_SERVER_BIND);
$port = (int) substr(strrchr(stream_socket_get_name($receiver, false), ':'), 1);
foreach (['sleep', 'wakeup', 'isConnected', 'close'] as $method) {
    // SWOOLE_KEEP is for clients that block.
    $client = new Client(SWOOLE_SOCK_UDP | SWOOLE_KEEP);
    var_dump($client->sendto('127.0.0.1', $port, $method), stream_socket_recvfrom($receiver, 100));
    var_dump(is_bool($client->$method()));
    unset($client);
}
$client = new Client(SWOOLE_SOCK_UDP);
$client->sendto('127.0.0.1', $port, 'x');
var_dump($client->close(), $client->isConnected(), $client->sendto('127.0.0.1', $port, 'y'), $client->isConnected());
?>
--EXPECT--
bool(true)
string(5) "sleep"
bool(true)
bool(true)
string(6) "wakeup"
bool(true)
bool(true)
string(11) "isConnected"
bool(true)
bool(true)
string(5) "close"
bool(true)
bool(true)
bool(false)
bool(true)
bool(true)
