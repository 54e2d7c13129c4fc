--TEST--
a blocking client over UDP and Unix sockets
--FILE--
<?php
use Swoole\Client;

$server = stream_socket_server('udp://127.0.0.1:0', $number, $text, STREAM_SERVER_BIND);
$port = (int) substr(strrchr(stream_socket_get_name($server, false), ':'), 1);

echo "sendto\n";
$client = new Client(SWOOLE_SOCK_UDP);
var_dump($client->sendto('localhost', $port, 'hello'), stream_socket_recvfrom($server, 100, 0, $peer), $client->isConnected());
var_dump($client->getpeername());
stream_socket_sendto($server, 'answer', 0, $peer);
var_dump($client->recv(3), $client->getpeername()['port'] === $port);
var_dump($client->sendto('no.such.host.invalid', $port, 'x'), $client->errCode);
var_dump($client->sendto('127.0.0.1', 65536, 'x'), $client->errCode);
var_dump($client->sendto('127.0.0.1', $port, ''), $client->sendfile(__FILE__), $client->close());

echo "connect\n";
$client = new Client(SWOOLE_SOCK_UDP);
var_dump($client->connect('127.0.0.1', $port, 0.05), $client->send('yes'), stream_socket_recvfrom($server, 100, 0, $peer));
var_dump(@$client->recv(), $client->errCode === SOCKET_EAGAIN);
$gone = stream_socket_server('udp://127.0.0.1:0', $number, $text, STREAM_SERVER_BIND);
$gone_port = (int) substr(strrchr(stream_socket_get_name($gone, false), ':'), 1);
fclose($gone);
$client = new Client(SWOOLE_SOCK_UDP);
var_dump($client->connect('127.0.0.1', $gone_port, 0.05, 1), $client->send('x'), @$client->recv(), $client->errCode === SOCKET_ECONNREFUSED);

echo "streams within the machine\n";
$path = tempnam(sys_get_temp_dir(), 'steelwool');
unlink($path);
$listener = stream_socket_server("unix://$path");
$client = new Client(SWOOLE_SOCK_UNIX_STREAM);
var_dump($client->connect($path), $client->getsockname(), $client->getpeername() === ['port' => 0, 'host' => $path], $client->send('x'));
$client = new Client(SWOOLE_SOCK_UNIX_STREAM);
var_dump(@$client->connect(str_repeat('x', 200)), $client->errCode, @$client->connect("$path.gone"), $client->errCode);
unlink($path);

echo "datagrams within the machine\n";
$server = stream_socket_server("udg://$path", $number, $text, STREAM_SERVER_BIND);
$client = new Client(SWOOLE_SOCK_UNIX_DGRAM);
var_dump($client->connect($path, 0, 0.05), $client->send('abc'), stream_socket_recvfrom($server, 10, 0, $peer));
var_dump(file_exists($peer));
(new Client(SWOOLE_SOCK_UNIX_DGRAM))->sendto($peer, 0, 'answer');
var_dump($client->recv(), $client->getpeername());
while (@$client->send(str_repeat('x', 1000))) {
}
var_dump($client->errCode === SOCKET_EAGAIN, $client->close(), file_exists($peer));
unlink($path);
?>
--EXPECTF--
sendto
bool(true)
string(5) "hello"
bool(true)
array(2) {
  ["port"]=>
  int(0)
  ["host"]=>
  string(7) "0.0.0.0"
}
string(3) "ans"
bool(true)
bool(false)
int(711)
bool(false)
int(723)

Warning: Swoole\Client::sendto(): data to send is empty in %s on line %d

Warning: Swoole\Client::sendfile(): dgram socket cannot use sendfile in %s on line %d
bool(false)
bool(false)
bool(true)
connect
bool(true)
int(3)
string(3) "yes"
bool(false)
bool(true)
bool(true)
int(1)
bool(false)
bool(true)
streams within the machine
bool(true)
array(2) {
  ["port"]=>
  int(0)
  ["host"]=>
  string(0) ""
}
bool(true)
int(1)
bool(false)
int(504)
bool(false)
int(2)
datagrams within the machine
bool(true)
int(3)
string(3) "abc"
bool(true)
string(6) "answer"
array(2) {
  ["port"]=>
  int(0)
  ["host"]=>
  string(0) ""
}
bool(true)
bool(true)
bool(false)
