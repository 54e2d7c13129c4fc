--TEST--
Http\Client: a request that changes nothing is sent again when the server has just closed the connection that it had kept; others are not
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/canned.inc';

Co\run(function (): void {
    $seen = [];
    $closing = 0;
    // each connection has one reply in it; a second request is read and not answered
    $server = new Canned(function ($connection, int $number) use (&$seen, &$closing): void {
        $replies = $number < $closing ? 0 : 1;
        while (($request = Canned::head($connection)) !== '') {
            $seen[] = strtok($request, ' ') . $number;
            if ($replies-- === 0) {
                break;
            }
            fwrite($connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n#$number");
        }
        fclose($connection);
    });
    $client = $server->client(['timeout' => 20]);
    $show = static function (bool $answered) use ($client, &$seen): void {
        echo outcome($client, $answered), ' ', implode(' ', $seen), "\n";
        $seen = [];
    };
    $show($client->get('/'));
    $show($client->get('/'));
    $show($client->post('/', 'x'));
    $show($client->get('/'));
    // one reply a time: who collects it himself decides himself
    $client->setDefer();
    $client->get('/');
    $show($client->recv());
    $client->setDefer(false);
    // a new connection is not tried again
    $closing = PHP_INT_MAX;
    $show($client->get('/'));
    $server->close();
});

// nobody listens any more: why the first one failed is shown
Co\run(function (): void {
    $listener = new Swoole\Coroutine\Socket(AF_INET, SOCK_STREAM, 0);
    $listener->bind('127.0.0.1', 0);
    $listener->listen();
    $port = $listener->getsockname()['port'];
    go(static function () use ($listener): void {
        $connection = $listener->accept();
        $connection->recv();
        $connection->sendAll("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        $connection->recv();
        $listener->close();
        $connection->close();
    });
    $client = new Swoole\Coroutine\Http\Client('127.0.0.1', $port);
    echo outcome($client, $client->get('/')), "\n", outcome($client, $client->get('/')), "\n";
});

// closed by another coroutine of our own: nothing is sent again, and that is what errCode says, whatever the server does
Co\run(function (): void {
    $server = new Canned(function ($connection): void {
        Canned::head($connection);
        fwrite($connection, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        while (Canned::head($connection) !== '');
    });
    $client = $server->client(['timeout' => 20]);
    echo outcome($client, $client->get('/')), "\n";
    go(static function () use ($client): void {
        Co::sleep(0.02);
        $client->close();
    });
    echo outcome($client, $client->get('/')), "\n";
    $server->close();
});
?>
--EXPECT--
true 200 0 "" "#0" GET0
true 200 0 "" "#1" GET0 GET1
false -3 104 "Connection reset by peer" "" POST1
true 200 0 "" "#2" GET2
false -3 104 "Connection reset by peer" "" GET2
false -3 104 "Connection reset by peer" "" GET3
true 200 0 "" ""
false -3 104 "Connection reset by peer" ""
true 200 0 "" ""
false -3 125 "Operation canceled" ""
