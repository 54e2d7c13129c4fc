--TEST--
Coroutine\Client: connections, bytes, packets, closing
--FILE--
<?php
use Swoole\Coroutine as Co;
use Swoole\Coroutine\Client;
use Swoole\Coroutine\Socket;

/** Shows results, and the client's error. */
function show(Client $client, mixed ...$values): void
{
    echo json_encode($values), ' ', $client->errCode, ' ', $client->errMsg, "\n";
}

Co\run(function () {
    $listener = new Socket(AF_INET, SOCK_STREAM, 0);
    $listener->bind('127.0.0.1', 0);
    $listener->listen();
    $port = $listener->getsockname()['port'];

    echo "without a connection\n";
    foreach (['recv', 'peek', 'getsockname', 'getpeername', 'close', 'enableSSL', 'getPeerCert', 'verifyPeerCert', 'isConnected', 'exportSocket'] as $method) {
        $client = new Client(SWOOLE_SOCK_TCP);
        show($client, $client->$method());
    }
    show($client, $client->send('x'), @$client->send(''), @$client->sendfile(''), $client->set([]));
    show($client, @$client->connect(''), @$client->connect('127.0.0.1', 0), @$client->connect('127.0.0.1', 65536));
    show($client, $client->connect('127.0.0.1', 1), $client->socket, $client->connected);
    show($client, $client->connect('no.such.host.invalid', 1));

    echo "bytes\n";
    $client = new Client(SWOOLE_SOCK_TCP);
    show($client, $client->connect('localhost', $port, 0.05), $client->connected, $client->isConnected());
    $server = $listener->accept();
    show($client, $client->connect('127.0.0.1', $port));
    show($client, $client->socket === $client->exportSocket(), $client->socket->fd === $client->fd, get_class($client->socket));
    show($client, $client->send('hello'), $server->recv(), $client->recv());
    $server->send('world');
    Co::sleep(0.01);
    show($client, $client->peek(3), $client->recv(), $client->peek());
    show($client, array_keys($client->getsockname()), $client->getpeername()['port'] === $port);
    show($client, $client->getPeerCert(), $client->sendto('127.0.0.1', $port, 'x'));
    show($client, $client->sendfile('/no/such/file'));
    show($client, $client->sendfile(__FILE__, 2, 3), $server->recv());
    $server->close();
    show($client, $client->recv(), $client->isConnected());
    show($client, $client->close(), $client->connected, $client->socket, $client->isConnected());
    show($client, $client->close());

    echo "the socket closes\n";
    show($client, $client->connect('127.0.0.1', $port), $client->connected, $client->errCode);
    $client->socket->close();
    show($client, $client->connected, $client->socket, $client->recv());

    echo "somebody waits\n";
    $client->connect('127.0.0.1', $port);
    Co\go(function () use ($client) {
        show($client, $client->recv());
        show($client, $client->close());
    });
    try {
        $client->recv();
    } catch (Swoole\Error $error) {
        echo preg_replace('/\d+/', 'N', $error->getMessage()), "\n";
    }
    show($client, $client->close());

    echo "packets\n";
    $client = new Client(SWOOLE_SOCK_TCP);
    $client->set(['open_eof_check' => true, 'package_eof' => ';', 'package_max_length' => 50, 'timeout' => 0.05]);
    while ($listener->accept(0.001)) {
    }
    $client->connect('127.0.0.1', $port);
    $server = $listener->accept();
    $server->send('a;b;c');
    show($client, $client->recv(), $client->recv(), $client->recv());
    $server->send(str_repeat('x', 100));
    show($client, $client->recv());
    $client = new Client(SWOOLE_SOCK_TCP);
    $client->set(['open_length_check' => true, 'package_length_func' => fn (string $data) => throw new Exception('no length')]);
    $client->connect('127.0.0.1', $port);
    $listener->accept()->send('x');
    try {
        $client->recv();
    } catch (Exception $exception) {
        echo $exception->getMessage(), "\n";
    }

    echo "settings\n";
    foreach ([
        ['bind_address' => '127.0.0.1', 'bind_port' => $port],
        ['socks5_host' => '127.0.0.1'],
        ['http_proxy_host' => '127.0.0.1', 'http_proxy_port' => 99999],
    ] as $settings) {
        $client = new Client(SWOOLE_SOCK_TCP);
        $client->set($settings);
        show($client, @$client->connect('127.0.0.1', $port), $client->connected);
    }

    echo "datagrams\n";
    $server = new Socket(AF_INET, SOCK_DGRAM, 0);
    $server->bind('127.0.0.1', 0);
    $port = $server->getsockname()['port'];
    $client = new Client(SWOOLE_SOCK_UDP);
    show($client, $client->sendto('localhost', $port, 'hello'), $server->recvfrom($peer), $client->connected);
    $server->sendto($peer['address'], $peer['port'], 'answer');
    show($client, $client->recvfrom(3, $address, $from), $address, $from === $port, $client->recvfrom(0, $address));
    show($client, $client->sendfile(__FILE__));
    show($client, $client->enableSSL());
    $client = new Client(SWOOLE_SOCK_UDP);
    show($client, $client->connect('127.0.0.1', $port, 0.05), $client->send('x'), $server->recvfrom($peer), $client->recv());

    $unset = new Client(SWOOLE_SOCK_UDP);
    $unset->connect('127.0.0.1', $port);
    $socket = $unset->socket;
    unset($unset);
    var_dump($socket->isClosed());
});
try {
    (new Client(SWOOLE_SOCK_TCP))->connect('127.0.0.1', 1);
} catch (Swoole\Error $error) {
    echo $error->getMessage(), "\n";
}
?>
--EXPECTF--
without a connection
[false] 5001 Client no connection
[false] 5001 Client no connection
[false] 5001 Client no connection
[false] 5001 Client no connection
[false] 5001 Client no connection
[false] 5001 Client no connection
[false] 5001 Client no connection
[false] 5001 Client no connection
[false] 0 
[null] 0 
[false,false,false,false] 5001 Client no connection
[false,false,false] 5001 Client no connection
[false,null,false] 111 Connection refused
[false] 711 DNS Lookup resolve failed
bytes
[true,true,true] 0 
[false] 106 Transport endpoint is already connected
[true,true,"Swoole\\Coroutine\\Socket"] 106 Transport endpoint is already connected
[5,"hello",false] 110 Connection timed out
["wor","world",false] 11 Resource temporarily unavailable
[["host","address","port"],true] 11 Resource temporarily unavailable
[false,false] 93 Protocol not supported
[false] 2 open(/no/such/file) failed, No such file or directory
[true,"php"] 2 open(/no/such/file) failed, No such file or directory
["",true] 2 open(/no/such/file) failed, No such file or directory
[true,false,null,false] 2 open(/no/such/file) failed, No such file or directory
[false] 5001 Client no connection
the socket closes
[true,true,5001] 5001 Client no connection
[false,null,false] 5001 Client no connection
somebody waits
Socket#N has already been bound to another coroutine#N, reading of the same socket in coroutine#N at the same time is not allowed
[false] 125 Operation canceled
[true] 125 Operation canceled
[false] 10019 Coroutine socket close wait
packets
["a;","b;",false] 110 Connection timed out
[false] 1201 no package eof, package_max_length exceeded
no length
settings
[false,false] 98 Address already in use
[false,false] 503 PHP fatal error
[false,false] 723 Bad port
datagrams
[true,"hello",false] 0 
["ans","127.0.0.1",true,false] 0 
[false] 22 dgram socket cannot use sendfile
[false] 94 Socket type not supported
[true,1,"x",false] 110 Connection timed out
bool(true)
API must be called in the coroutine
