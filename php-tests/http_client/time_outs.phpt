--TEST--
Http\Client: time-outs, cancelling, closing and failed connections
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/canned.inc';

use Swoole\Coroutine\Http\Client;

Co\run(function (): void {
    $server = new Canned(function ($connection): void {
        $request = Canned::head($connection);
        if (str_contains($request, '/slow')) {
            foreach (str_split("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab") as $byte) {
                @fwrite($connection, $byte);
                Co::sleep(0.005);
            }
        }
        fread($connection, 1);
    });
    foreach (['/', '/slow'] as $path) {
        $client = $server->client(['timeout' => 0.08]);
        $begun = microtime(true);
        $answered = $client->get($path);
        $took = microtime(true) - $begun;
        echo outcome($client, $answered), ' ', json_encode([$took > 0.07 && $took < 1, $client->connected]), "\n";
    }
    $client = $server->client(['timeout' => -1]);
    $client->setDefer();
    $client->get('/');
    $client->setDefer(false);
    echo outcome($client, $client->recv(0.02)), "\n";
    foreach (['cancel', 'close'] as $how) {
        $client = $server->client();
        $id = go(function () use ($client, $how): void {
            echo "$how: ", outcome($client, $client->get('/')), ' ', json_encode($client->connected), "\n";
        });
        Co::sleep(0.01);
        echo json_encode($how === 'cancel' ? Co::cancel($id) : $client->close()), "\n";
    }
    $client = $server->client();
    go(fn () => $client->get('/'));
    Co::sleep(0.01);
    try {
        $client->get('/');
    } catch (Swoole\Error $error) {
        echo preg_replace('/#\d+/', '#N', $error->getMessage()), "\n";
    }
    $client->close();
    $server->close();
    foreach ([new Client('127.0.0.1', 1), new Client('unix:/no/such.sock'), new Client('::1', 1)] as $client) {
        echo outcome($client, $client->get('/')), ' ', json_encode($client->connected), "\n";
    }
    $client = new Client('127.0.0.1', 1);
    echo json_encode([$client->get(''), $client->errCode, $client->getHeaderOut(), $client->getpeername(), $client->errCode, $client->set([])]), "\n";
});
?>
--EXPECT--
false -2 110 "Connection timed out" "" [true,false]
false -2 110 "Connection timed out" "" [true,false]
false -2 110 "Connection timed out" ""
cancel: false -3 125 "Operation canceled" "" false
true
close: false -3 125 "Operation canceled" "" false
false
Socket#N has already been bound to another coroutine#N, reading of the same socket in coroutine#N at the same time is not allowed
false -1 111 "Connection refused" "" false
false -1 2 "No such file or directory" "" false
false -1 111 "Connection refused" "" false
[false,505,false,false,5001,false]
