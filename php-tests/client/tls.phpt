--TEST--
Coroutine\Client and Async\Client speak TLS, from the start and later
--FILE--
<?php
use Swoole\Async;
use Swoole\Coroutine as Co;
use Swoole\Coroutine\Client;
use Swoole\Event;

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/tls_files.php';

$folder = tls_files();
// Says "go on" in plain text when it is asked for, then echoes over TLS until it is told to close.
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
        }
        if ($first !== '' && stream_socket_enable_crypto($socket, true, STREAM_CRYPTO_METHOD_TLS_SERVER)) {
            while (($data = fread($socket, 65536)) !== '' && $data !== false && $data !== 'close') {
                fwrite($socket, $data);
            }
        }
        fclose($socket);
    }
    PHP, env: ['FOLDER' => $folder]);
$port = $server->port;

Co\run(function () use ($port, $folder) {
    $client = new Client(SWOOLE_SOCK_TCP | SWOOLE_SSL);
    var_dump($client->connect('127.0.0.1', $port, 1), $client->send('hello'), $client->recv());
    var_dump($client->getPeerCert() === file_get_contents("$folder/cert.pem"), $client->verifyPeerCert(true), $client->enableSSL(), $client->errCode);
    var_dump($client->send('close'), $client->recv(), $client->close());
    foreach ([['ssl_allow_self_signed' => true], ['ssl_cafile' => "$folder/cert.pem", 'ssl_host_name' => 'example.test'], []] as $settings) {
        $client = new Client(SWOOLE_SOCK_TCP | SWOOLE_SSL);
        $client->set(['ssl_verify_peer' => true] + $settings);
        var_dump($client->connect('127.0.0.1', $port, 1), $client->errCode);
        $client->close();
    }
    $client = new Client(SWOOLE_SOCK_TCP);
    var_dump($client->connect('127.0.0.1', $port, 1), $client->send('plain'), $client->recv(), $client->enableSSL(), $client->send('secret'), $client->recv());
    $client->close();
    try {
        (new Client(SWOOLE_SOCK_UDP | SWOOLE_SSL))->connect('127.0.0.1', $port);
    } catch (Swoole\Error $error) {
        echo $error->getMessage(), "\n";
    }
});

echo "the loop's own client\n";
function client(int $type, array $settings = []): Async\Client
{
    $client = new Async\Client($type);
    $client->set($settings);
    $client->on('connect', fn ($client) => $client->send('hello'));
    $client->on('receive', fn ($client, $data) => var_dump($data, $client->close()));
    $client->on('close', fn () => print("close\n"));
    $client->on('error', fn ($client) => print("error $client->errCode\n"));
    return $client;
}
client(SWOOLE_SOCK_TCP | SWOOLE_SSL)->connect('127.0.0.1', $port, 1);
Event::wait();
client(SWOOLE_SOCK_TCP | SWOOLE_SSL, ['ssl_verify_peer' => true])->connect('127.0.0.1', $port, 1);
Event::wait();
$client = client(SWOOLE_SOCK_TCP);
$client->on('connect', fn ($client) => $client->send('plain'));
$client->on('receive', function ($client, $data) {
    var_dump($data);
    if ($data === 'go on') {
        var_dump($client->enableSSL(function ($client) {
            echo "ready\n";
            $client->send('secret');
        }));
    } else {
        $client->close();
    }
});
$client->connect('127.0.0.1', $port, 1);
Event::wait();
$server->kill();
?>
--EXPECTF--
bool(true)
int(5)
string(5) "hello"
bool(true)
bool(true)
bool(false)
int(106)
int(5)
string(0) ""
bool(true)
bool(true)
int(0)
bool(true)
int(0)
[%s]	NOTICE	ssl_connect(fd=%d) to server[127.0.0.1:%d] failed. Error: self-signed certificate[1|18]
bool(false)
int(1014)
bool(true)
int(5)
string(5) "go on"
bool(true)
int(6)
string(6) "secret"
TLS over datagrams (DTLS) is not in this release
the loop's own client
close
string(5) "hello"
bool(true)
[%s]	NOTICE	ssl_connect(fd=%d) to server[127.0.0.1:%d] failed. Error: self-signed certificate[1|18]
error 1014
string(5) "go on"
bool(true)
ready
string(6) "secret"
close
