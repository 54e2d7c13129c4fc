--TEST--
swoole_client_select() leaves those that are ready
--FILE--
<?php
use Swoole\Client;

[$here, $there] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fwrite($there, 'x');
$read = ['key' => $here, 5 => $there];
$write = null;
$except = [];
var_dump(swoole_client_select($read, $write, $except, 0.05), array_keys($read), $write, $except);

$read = [$there];
$write = ['a' => $here, 'b' => 'nonsense', 'c' => -5];
$except = [$here];
var_dump(swoole_select($read, $write, $except, 0.05), $read, array_keys($write), $except);

echo "clients\n";
$listener = stream_socket_server('tcp://127.0.0.1:0');
$port = (int) substr(strrchr(stream_socket_get_name($listener, false), ':'), 1);
$client = new Client(SWOOLE_SOCK_TCP);
var_dump($client->connect('127.0.0.1', $port, 1, 1), $client->errCode === SOCKET_EINPROGRESS, $client->isConnected());
$read = $write = $except = [$client];
var_dump(swoole_client_select($read, $write, $except, 1), count($read), $write[0] === $client, count($except));
var_dump($client->send('x'), $client->isConnected());
$server = stream_socket_accept($listener);
fread($server, 10);
fclose($server);
$read = $except = [$client];
$write = null;
var_dump(swoole_client_select($read, $write, $except, 1), count($read), $client->recv());
$client = new Client(SWOOLE_SOCK_TCP);
fclose($listener);
$client->connect('127.0.0.1', $port, 1, 1);
$read = $except = [];
$write = [$client];
var_dump(swoole_client_select($read, $write, $except, 1), $client->send('x'), $client->errCode);

echo "nothing\n";
$read = $write = $except = null;
var_dump(swoole_select($read, $write, $except, 0.05));
$read = [new Client(SWOOLE_SOCK_TCP)];
var_dump(swoole_select($read, $write, $except, 0.05), count($read));
try {
    $number = 5;
    swoole_select($number, $write, $except);
} catch (TypeError $error) {
    echo $error->getMessage(), "\n";
}
set_error_handler(function () use (&$write) { $write = 'gone'; throw new Exception('thrown'); });
$write = ['nonsense', $here];
try {
    swoole_select($read, $write, $except);
} catch (Exception $exception) {
    echo $exception->getMessage(), "\n";
}
var_dump($write);
?>
--EXPECTF--
int(1)
array(1) {
  [0]=>
  string(3) "key"
}
NULL
array(0) {
}

Warning: swoole_select(): invalid file descriptor passed in %s on line %d

Warning: swoole_select(): invalid file descriptor#-5 passed in %s on line %d
int(1)
array(0) {
}
array(1) {
  [0]=>
  string(1) "a"
}
array(0) {
}
clients
bool(true)
bool(true)
bool(false)
int(1)
int(0)
bool(true)
int(0)
int(1)
bool(true)
int(1)
int(1)
string(0) ""

Warning: Swoole\Client::send(): client is not connected to server in %s on line %d
int(1)
bool(false)
int(5001)
nothing

Warning: swoole_select(): no resource arrays were passed to select in %s on line %d
bool(false)

Warning: swoole_select(): no resource arrays were passed to select in %s on line %d
bool(false)
int(1)
swoole_select(): Argument #1 ($read) must be of type ?array, int given
thrown
string(4) "gone"
