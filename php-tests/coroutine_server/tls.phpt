--TEST--
Coroutine\Server and Coroutine\Socket over TLS: packets, more than fits, trust, and who speaks something else
--EXTENSIONS--
openssl
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/certificates.php';

use Swoole\Coroutine;
use Swoole\Coroutine\Server;
use Swoole\Coroutine\Server\Connection;
use Swoole\Coroutine\Socket;

Coroutine::set(['log_level' => SWOOLE_LOG_NONE]);
$folder = certificates();

Coroutine\run(static function () use ($folder): void {
    $packets = ['open_length_check' => true, 'package_length_type' => 'N', 'package_body_offset' => 4, 'package_max_length' => '4M'];
    $server = new Server('127.0.0.1', 0, true);
    $server->set($packets + ['ssl_cert_file' => "$folder/localhost.crt", 'ssl_key_file' => "$folder/localhost.key"]);
    $server->handle(static function (Connection $connection): void {
        while (($packet = $connection->recv()) !== '' && $packet !== false) {
            $connection->send($packet);
        }
        $connection->close();
    });
    Coroutine::create(fn () => $server->start());
    $connect = static function (array $settings, string $host = '127.0.0.1') use (&$server): Socket {
        $socket = new Socket(AF_INET, SOCK_STREAM, 0);
        $socket->setProtocol($settings + ['open_ssl' => true]);
        $connected = $socket->connect($host, $server->port);
        echo json_encode($connected), " [$socket->errCode $socket->errMsg]\n";
        return $socket;
    };

    $client = $connect($packets);
    $client->writeVectorAll([pack('N', 5), 'hel', 'lo']);
    var_dump($client->recvPacket() === pack('N', 5) . 'hello');
    $large = pack('N', 3 << 20) . random_bytes(3 << 20);
    // Both ends have more to say than the sockets hold: reading and writing at once.
    Coroutine::create(static function () use ($client, $large): void {
        var_dump($client->sendAll($large));
    });
    var_dump($client->recvPacket() === $large);
    var_dump($client->recv(10, 0.01), $client->errCode === SOCKET_ETIMEDOUT, $client->sslHandshake(), $client->errCode);
    file_put_contents("$folder/file", substr($large, 0, 4) . str_repeat('f', 3 << 20));
    Coroutine::create(fn () => $client->sendFile("$folder/file"));
    var_dump(md5_file("$folder/file") === md5($client->recvPacket()));
    $client->send("\0\0\0\1x");
    Coroutine::sleep(0.02);
    var_dump($client->peek(5) === "\0\0\0\1x", $client->readVectorAll([4, 1])[1], $client->checkLiveness());
    $client->close();

    $connect(['ssl_verify_peer' => true]);
    $connect(['ssl_verify_peer' => true, 'ssl_cafile' => "$folder/ca.crt"]);
    $connect(['ssl_verify_peer' => true, 'ssl_cafile' => "$folder/ca.crt", 'ssl_host_name' => 'second.example']);

    $plain = new Socket(AF_INET, SOCK_STREAM, 0);
    $plain->connect('127.0.0.1', $server->port);
    $plain->send("GET / HTTP/1.0\r\n\r\n");
    var_dump($plain->recv(1, 1) === "\x15" /* an alert */);
    $server->shutdown();

    $other = new Server('127.0.0.1');
    $other->handle(fn (Connection $connection) => $connection->send($connection->recv() === '' ? '' : 'no TLS here'));
    Coroutine::create(fn () => $other->start());
    $server = $other;
    $connect([]);
    $other->shutdown();

    $never = new Socket(AF_INET, SOCK_STREAM, 0);
    var_dump(@$never->setProtocol(['open_ssl' => true, 'ssl_cert_file' => '/missing']));
    $never->bind('127.0.0.1');
    $never->listen();
    var_dump($never->accept(), $never->errCode === SWOOLE_ERROR_SSL_CREATE_CONTEXT_FAILED);
});
?>
--EXPECT--
true [0 ]
bool(true)
int(3145732)
bool(true)
bool(false)
bool(true)
bool(false)
int(509)
bool(true)
bool(true)
string(1) "x"
bool(true)
false [1014 SSL verify failed]
true [0 ]
false [1014 SSL verify failed]
bool(true)
false [1018 SSL handshake failed]
bool(false)
bool(false)
bool(true)
