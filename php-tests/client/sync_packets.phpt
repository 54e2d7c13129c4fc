--TEST--
a blocking client reads packets by their end or their length
--FILE--
<?php
use Swoole\Client;

$listener = stream_socket_server('tcp://127.0.0.1:0');
$port = (int) substr(strrchr(stream_socket_get_name($listener, false), ':'), 1);

/** A client with these settings, and the other end. */
function connected(array $settings): array
{
    global $listener, $port;
    $client = new Client(SWOOLE_SOCK_TCP);
    $client->set($settings);
    $client->connect('127.0.0.1', $port, 0.05);
    return [$client, stream_socket_accept($listener)];
}

echo "by the end\n";
[$client, $server] = connected(['open_eof_check' => true, 'package_eof' => "\r\n"]);
fwrite($server, "one\r\ntwo\r\nthr");
var_dump($client->recv(), $client->recv(), @$client->recv(), $client->errCode === SOCKET_EAGAIN);
fwrite($server, "ee\r\nfour");
var_dump($client->recv());
fclose($server);
var_dump($client->recv(), $client->recv());

echo "without an end\n";
[$client, $server] = connected(['open_eof_check' => true, 'package_eof' => "\r\n", 'package_max_length' => 100]);
fwrite($server, str_repeat('x', 200));
var_dump($client->recv());

echo "by the length\n";
[$client, $server] = connected([
    'open_length_check' => true, 'package_length_type' => 'n', 'package_length_offset' => 2, 'package_body_offset' => 4, 'package_max_length' => 50,
]);
fwrite($server, 'ab' . pack('n', 3) . 'xyz' . 'cd' . pack('n', 0) . 'ef' . pack('n', 5) . '12');
var_dump($client->recv() === "ab\0\x03xyz", $client->recv() === "cd\0\0");
var_dump(@$client->recv(), $client->errCode === SOCKET_EAGAIN);
fwrite($server, '345gh' . pack('n', 47));
var_dump($client->recv() === "ef\0\x0512345");
$read = [$client];
$none = [];
var_dump(swoole_client_select($read, $none, $none, 0));
var_dump($client->recv());

echo "by a function\n";
[$client, $server] = connected([
    'open_length_check' => true,
    'package_length_func' => fn (string $data) => strlen($data) < 2 ? 0 : (int) $data[0] + 2,
]);
fwrite($server, '3:abc2:de4');
var_dump($client->recv(), $client->recv());
fwrite($server, ':full');
var_dump($client->recv());
[$client, $server] = connected(['open_length_check' => true, 'package_length_func' => fn () => throw new Exception('no length')]);
fwrite($server, 'x');
try {
    $client->recv();
} catch (Exception $exception) {
    echo $exception->getMessage(), "\n";
}
[$client, $server] = connected(['open_length_check' => true, 'package_length_func' => function () use (&$client) { $client->close(); return -1; }]);
fwrite($server, 'x');
var_dump($client->recv(), $client->isConnected());
?>
--EXPECTF--
by the end
string(5) "one
"
string(5) "two
"
bool(false)
bool(true)
string(7) "three
"
string(0) ""
string(0) ""
without an end

Warning: Swoole\Client::recv(): no package eof in %s on line %d
bool(false)
by the length
bool(true)
bool(true)
bool(false)
bool(true)
bool(true)
int(1)
[%s]	WARNING	zim_swoole_client_recv() (ERRNO 1201): Package is too big. package_length=51
string(0) ""
by a function
string(5) "3:abc"
string(4) "2:de"
string(6) "4:full"
no length
string(0) ""
bool(false)
