--TEST--
connections of SWOOLE_KEEP are used again
--FILE--
<?php
use Swoole\Client;

$listener = stream_socket_server('tcp://127.0.0.1:0');
$port = (int) substr(strrchr(stream_socket_get_name($listener, false), ':'), 1);
$connect = function (string $id = '') use ($port): Client {
    $client = new Client(SWOOLE_SOCK_TCP | SWOOLE_KEEP, false, $id);
    var_dump($client->connect('127.0.0.1', $port, 0.5));
    return $client;
};

echo "two at a time\n";
$one = $connect();
$two = $connect();
$server = stream_socket_accept($listener);
stream_socket_accept($listener);
var_dump($one->sock !== $two->sock, $one->reuse, $one->reuseCount);
var_dump(@$one->getSocket());
$sock = $one->sock;
var_dump($one->close(), $one->isConnected(), @$one->close());

echo "again\n";
$three = $connect();
var_dump($three->sock === $sock, $three->reuse, $three->reuseCount);
$three->send('x');
var_dump(fread($server, 10));
unset($three);
$four = $connect();
var_dump($four->sock === $sock, $four->reuseCount);

echo "another name\n";
$five = $connect('five');
var_dump($five->reuse);
fclose($server);
stream_socket_accept($listener);

echo "the peer has gone\n";
$four->close();
$six = $connect();
var_dump($six->reuse, $six->reuseCount);

echo "closed for good\n";
$six->close(true);
var_dump($connect()->reuse);
?>
--EXPECT--
two at a time
bool(true)
bool(true)
bool(true)
bool(false)
int(0)
bool(false)
bool(true)
bool(false)
bool(false)
again
bool(true)
bool(true)
bool(true)
int(1)
string(1) "x"
bool(true)
bool(true)
int(2)
another name
bool(true)
bool(false)
the peer has gone
bool(true)
bool(false)
int(0)
closed for good
bool(true)
bool(false)
