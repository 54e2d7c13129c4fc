--TEST--
a connection: both ends, time-outs, the end, and what goes wrong without one
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Socket;

function show(string $what, mixed $value, Socket $socket): void
{
    printf("%-16s %s [%d %s]\n", $what, json_encode($value), $socket->errCode, $socket->errMsg);
}

Coroutine\run(static function (): void {
    $listener = new Socket(AF_INET, SOCK_STREAM, IPPROTO_IP);
    show('bind', $listener->bind('127.0.0.1'), $listener);
    show('bind again', $listener->bind('127.0.0.1'), $listener);
    show('listen', $listener->listen(), $listener);
    $port = $listener->getsockname()['port'];

    $client = new Socket(AF_INET, SOCK_STREAM, IPPROTO_IP);
    show('not connected', $client->send('x'), $client);
    show('shutdown', $client->shutdown(), $client);
    Coroutine::create(static function () use ($listener): void {
        $peer = $listener->accept();
        while (($data = $peer->recv()) !== '') {
            $peer->send($data);
        }
        show('the end', $data, $peer);
        show('accept', $listener->accept(0.01), $listener);
        $peer->close();
    });
    show('connect', $client->connect('localhost', $port, 1), $client);
    echo json_encode([$client->getpeername() === ['address' => '127.0.0.1', 'port' => $port], $client->domain, $client->type]), "\n";
    show('send', $client->send('hello'), $client);
    show('recv', $client->recv(), $client);
    show('nothing came', $client->recv(10, 0.01), $client);
    show('alive', $client->checkLiveness(), $client);
    show('shutdown', $client->shutdown(1), $client);
    show('send', $client->send('x'), $client);
    Coroutine::sleep(0.02);
    show('the end', $client->recv(), $client);
    show('not alive', $client->checkLiveness(), $client);
    show('close', $client->close(), $client);
    show('closed', $client->recv(), $client);
    show('closed', $client->isClosed(), $client);

    $nobody = new Socket(AF_INET, SOCK_STREAM, IPPROTO_IP);
    $listener->close();
    show('refused', $nobody->connect('127.0.0.1', $port), $nobody);
    show('no such name', $nobody->connect('nowhere.invalid', 1), $nobody);
    show('no port', @$nobody->connect('127.0.0.1', 65536), $nobody);
    show('no address', $nobody->bind('localhost'), $nobody);
});
?>
--EXPECT--
bind             true [0 ]
bind again       false [22 Invalid argument]
listen           true [22 Invalid argument]
not connected    false [32 Broken pipe]
shutdown         false [107 Transport endpoint is not connected]
connect          true [107 Transport endpoint is not connected]
[true,2,1]
send             5 [0 ]
recv             "hello" [0 ]
nothing came     false [110 Connection timed out]
alive            true [0 ]
shutdown         true [0 ]
send             false [32 Broken pipe]
the end          "" [0 ]
accept           false [110 Connection timed out]
the end          "" [0 ]
not alive        false [104 Connection reset by peer]
close            true [104 Connection reset by peer]
closed           false [9 Bad file descriptor]
closed           true [9 Bad file descriptor]
refused          false [111 Connection refused]
no such name     false [711 DNS Lookup resolve failed]
no port          false [711 DNS Lookup resolve failed]
no address       false [722 Bad host addr]
