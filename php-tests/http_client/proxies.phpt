--TEST--
Http\Client: an HTTP proxy that passes requests on, and a SOCKS5 proxy
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/canned.inc';

Co\run(function (): void {
    $reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    $server = new Canned(function ($connection) use ($reply): void {
        while (($request = Canned::head($connection)) !== '') {
            echo str_replace("\r", '', strstr($request, 'Connection', true));
            fwrite($connection, $reply);
        }
    });
    $client = new Swoole\Coroutine\Http\Client('target.test', 8080);
    $client->set(['timeout' => 5, 'http_proxy_host' => '127.0.0.1', 'http_proxy_port' => $server->port, 'http_proxy_user' => 'u', 'http_proxy_password' => 'p']);
    var_dump($client->get('/path'), $client->body);
    $socks = new Canned(function ($connection) use ($reply): void {
        echo bin2hex(fread($connection, 3)), "\n";
        fwrite($connection, "\x05\x02");
        echo bin2hex(fread($connection, 5)), "\n";
        fwrite($connection, "\x01\x00");
        echo bin2hex(fread($connection, 18)), "\n";
        fwrite($connection, "\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x50");
        echo strtok(Canned::head($connection), "\r"), "\n";
        fwrite($connection, $reply);
    });
    $client = new Swoole\Coroutine\Http\Client('target.test', 8080);
    $client->set(['timeout' => 5, 'socks5_host' => '127.0.0.1', 'socks5_port' => $socks->port, 'socks5_username' => 'u', 'socks5_password' => 'p']);
    var_dump($client->get('/path'), $client->body);
    $refusing = new Canned(function ($connection): void {
        fread($connection, 3);
        fwrite($connection, "\x05\xff");
        fclose($connection);
    });
    $client = new Swoole\Coroutine\Http\Client('target.test', 8080);
    $client->set(['timeout' => 5, 'socks5_host' => '127.0.0.1', 'socks5_port' => $refusing->port]);
    echo outcome($client, $client->get('/path')), "\n";
    array_map(fn ($server) => $server->close(), [$server, $socks, $refusing]);
});
?>
--EXPECT--
GET http://target.test:8080/path HTTP/1.1
Host: target.test:8080
Proxy-Authorization: Basic dTpw
bool(true)
string(2) "ok"
050102
0101750170
050100030b7461726765742e746573741f90
GET /path HTTP/1.1
bool(true)
string(2) "ok"
false -1 7005 "Socks5 handshake failed" ""
