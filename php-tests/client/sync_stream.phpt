--TEST--
a blocking client over TCP: send and receive, flags, time-outs, the end, closing
--FILE--
<?php
use Swoole\Client;

$listener = stream_socket_server('tcp://127.0.0.1:0');
$port = (int) substr(strrchr(stream_socket_get_name($listener, false), ':'), 1);

$client = new Client(SWOOLE_SOCK_TCP);
var_dump($client->isConnected(), $client->connect('localhost', $port, 0.05), $client->isConnected());
$server = stream_socket_accept($listener);
var_dump($client->send('hello'), fread($server, 100));

echo "receive\n";
fwrite($server, 'one two');
var_dump($client->recv(3), $client->recv(100, Client::MSG_PEEK), $client->recv());
$begun = microtime(true);
var_dump(@$client->recv(), $client->errCode === SOCKET_EAGAIN, swoole_last_error() === SOCKET_EAGAIN);
var_dump(microtime(true) - $begun >= 0.05);
var_dump(@$client->recv(100, Client::MSG_DONTWAIT), $client->errCode === SOCKET_EAGAIN);
$client->recv();

echo "wait for all\n";
fwrite($server, str_repeat('x', 150000));
var_dump(strlen($client->recv(140000, Client::MSG_WAITALL)), strlen($client->recv(10000, 1)));

echo "names\n";
$name = $client->getsockname();
var_dump("{$name['host']}:{$name['port']}" === stream_socket_get_name($server, true));
var_dump($client->getpeername() === ['port' => $port, 'host' => '127.0.0.1']);
var_dump(strlen(file_get_contents(__FILE__)) > 0, $client->sendfile(__FILE__, 2, 3), fread($server, 100));

echo "a file\n";
foreach ([['/nonexistent'], ['/dev/null'], [__FILE__, 1, 1 << 20], [__FILE__, -1]] as $file) {
    var_dump(@$client->sendfile(...$file), $client->errCode);
}

echo "the end\n";
fwrite($server, 'rest');
fclose($server);
var_dump($client->recv(), $client->recv(), $client->recv(), $client->isConnected());
var_dump($client->shutdown(9), $client->shutdown(Client::SHUT_WR), $client->shutdown(Client::SHUT_WR));
var_dump($client->send('x'), $client->errCode);
var_dump($client->close(), $client->isConnected(), $client->close());

echo "again\n";
var_dump($client->connect('127.0.0.1', $port), $client->connect('127.0.0.1', $port));
unset($client);
?>
--EXPECTF--
bool(false)
bool(true)
bool(true)
int(5)
string(5) "hello"
receive
string(3) "one"
string(4) " two"
string(4) " two"
bool(false)
bool(true)
bool(true)
bool(true)
bool(false)
bool(true)

Warning: Swoole\Client::recv(): recv() failed, Error: Resource temporarily unavailable[11] in %s on line %d
wait for all
int(140000)
int(10000)
names
bool(true)
bool(true)
bool(true)
bool(true)
string(3) "php"
a file
[%s]	WARNING	network::check_sendfile_parameters(): open('/nonexistent') failed, Error: No such file or directory[2]
bool(false)
int(2)
[%s]	WARNING	network::check_sendfile_parameters() (ERRNO 702): cannot send empty file '/dev/null'
bool(false)
int(702)
[%s]	WARNING	network::check_sendfile_parameters() (ERRNO 505): length[1048576] or offset[1] is invalid
bool(false)
int(505)
[%s]	WARNING	network::check_sendfile_parameters() (ERRNO 505): length[0] or offset[-1] is invalid
bool(false)
int(505)
the end
string(4) "rest"
string(0) ""
string(0) ""
bool(true)
bool(false)
bool(true)
bool(false)

Warning: Swoole\Client::send(): failed to send(%d) 1 bytes, Error: Broken pipe[32] in %s on line %d
bool(false)
int(32)

Warning: Swoole\Client::close(): client is not connected to the server in %s on line %d
bool(true)
bool(false)
bool(false)
again

Warning: Swoole\Client::connect(): connection to the server has already been established in %s on line %d
bool(true)
bool(false)
