--TEST--
a blocking client speaks TLS, from the start and later
--FILE--
<?php
use Swoole\Client;

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/tls_files.php';

$folder = tls_files();
// Says hello in plain text when it is asked for, then echoes over TLS until it is told to close.
$server = ServerProcess::start(<<<'PHP'
    set_error_handler(fn () => true);
    $folder = getenv('FOLDER');
    $context = stream_context_create(['ssl' => ['local_cert' => "$folder/cert.pem", 'local_pk' => "$folder/key.pem"]]);
    $listener = stream_socket_server("tcp://127.0.0.1:$argv[1]", $number, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
    while ($socket = stream_socket_accept($listener, 60)) {
        stream_set_timeout($socket, 2);
        $first = stream_socket_recvfrom($socket, 1, STREAM_PEEK);
        if ($first === 'p') {
            fread($socket, 5);
            fwrite($socket, 'go on');
        } elseif ($first === 'n') {
            fwrite($socket, "HTTP/1.1 400 no TLS here\r\n\r\n");
            while (fread($socket, 65536) != '') {
            }
            fclose($socket);
            continue;
        } elseif ($first === '') {
            continue;
        }
        if (stream_socket_enable_crypto($socket, true, STREAM_CRYPTO_METHOD_TLS_SERVER)) {
            while (($data = fread($socket, 65536)) !== '' && $data !== false && $data !== 'close') {
                fwrite($socket, $data);
            }
        }
        fclose($socket);
    }
    PHP, env: ['FOLDER' => $folder]);

echo "from the start\n";
$client = new Client(SWOOLE_SOCK_TCP | SWOOLE_SSL);
var_dump($client->connect('127.0.0.1', $server->port, 1), $client->send('hello'), $client->recv());
var_dump($client->getPeerCert() === file_get_contents("$folder/cert.pem"));
var_dump($client->verifyPeerCert(), $client->verifyPeerCert(true), $client->enableSSL());
$client->send('0123456789');
var_dump($client->recv(4, Client::MSG_PEEK), $client->recv(2), $client->recv(8, Client::MSG_WAITALL));
$big = random_bytes(1 << 20);
$client->set(['x' => 1]);
foreach (str_split($big, 16384) as $part) {
    $client->send($part);
    if ($client->recv(strlen($part), Client::MSG_WAITALL) !== $part) {
        echo "differs\n";
    }
}
var_dump($client->sendfile("$folder/cert.pem"));
$size = filesize("$folder/cert.pem");
var_dump($client->recv($size, Client::MSG_WAITALL) === file_get_contents("$folder/cert.pem"));
var_dump($client->send('close'), $client->recv(), $client->close());

echo "packets\n";
$client = new Client(SWOOLE_SOCK_TCP | SWOOLE_SSL);
$client->set(['open_eof_check' => true, 'package_eof' => ';']);
var_dump($client->connect('127.0.0.1', $server->port, 1), $client->send('a;b;'), $client->recv(), $client->recv());
unset($client);

echo "trust\n";
foreach ([
    ['ssl_verify_peer' => true],
    ['ssl_verify_peer' => true, 'ssl_allow_self_signed' => true],
    ['ssl_verify_peer' => true, 'ssl_cafile' => "$folder/cert.pem", 'ssl_host_name' => 'example.test'],
    ['ssl_verify_peer' => true, 'ssl_cafile' => "$folder/cert.pem", 'ssl_host_name' => 'other.test'],
] as $settings) {
    $client = new Client(SWOOLE_SOCK_TCP | SWOOLE_SSL);
    $client->set($settings);
    var_dump(@$client->connect('127.0.0.1', $server->port, 1), $client->errCode);
    unset($client);
}

echo "later\n";
$client = new Client(SWOOLE_SOCK_TCP);
var_dump($client->connect('127.0.0.1', $server->port, 1), $client->getPeerCert());
var_dump($client->send('plain'), $client->recv(5), $client->enableSSL(), $client->send('secret'), $client->recv());
unset($client);

echo "no TLS\n";
$client = new Client(SWOOLE_SOCK_TCP);
var_dump($client->connect('127.0.0.1', $server->port, 1), $client->send('n'), $client->enableSSL(), $client->errCode);
$client = new Client(SWOOLE_SOCK_UDP);
var_dump($client->connect('127.0.0.1', $server->port), $client->enableSSL());
try {
    (new Client(SWOOLE_SOCK_UDP | SWOOLE_SSL))->connect('127.0.0.1', $server->port);
} catch (Swoole\Error $error) {
    echo $error->getMessage(), "\n";
}
$server->kill();
?>
--EXPECTF--
from the start
bool(true)
int(5)
string(5) "hello"
bool(true)
[%s]	NOTICE	Socket::ssl_verify() (ERRNO 1014): self-signed certificate

Warning: Swoole\Client::enableSSL(): SSL has been enabled in %s on line %d
bool(false)
bool(true)
bool(false)
string(4) "0123"
string(2) "01"
string(8) "23456789"
bool(true)
bool(true)
int(5)
string(0) ""
bool(true)
packets
bool(true)
int(4)
string(2) "a;"
string(2) "b;"
trust
[%s]	NOTICE	ssl_connect(fd=%d) to server[127.0.0.1:%d] failed. Error: self-signed certificate[1|18]
bool(false)
int(1014)
bool(true)
int(0)
bool(true)
int(0)
[%s]	NOTICE	ssl_connect(fd=%d) to server[127.0.0.1:%d] failed. Error: hostname mismatch[1|62]
bool(false)
int(1014)
later

Warning: Swoole\Client::getPeerCert(): SSL is not ready in %s on line %d
bool(true)
bool(false)
int(5)
string(5) "go on"
bool(true)
int(6)
string(6) "secret"
no TLS
[%s]	NOTICE	ssl_connect(fd=%d) to server[%s] failed. Error: wrong version number[1|267]
bool(true)
int(1)
bool(false)
int(1018)

Warning: Swoole\Client::enableSSL(): cannot use enableSSL in %s on line %d
bool(true)
bool(false)
TLS over datagrams (DTLS) is not in this release
