--TEST--
Http\Client: what requests look like on the wire
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/canned.inc';

Co\run(function (): void {
    $server = new Canned(function ($connection) use (&$server): void {
        while (($request = Canned::head($connection)) !== '') {
            echo str_replace(["\r", (string) $server->port], ['', 'PORT'], $request), "\n--\n";
            fwrite($connection, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nSet-Cookie: from=server; path=/\r\n\r\n");
        }
    });
    $client = $server->client();
    $client->get('/?q=1');
    echo str_replace("\r", '', str_replace((string) $server->port, 'PORT', $client->getHeaderOut())), "\n==\n";
    $client->setHeaders(['Host' => 'example.org', 'X-Number' => 5, 'X-Null' => null, 'content-length' => '99', 'Accept-Encoding' => 'br']);
    $client->setCookies(['a' => 'b c', 'empty' => '', 'd' => 'e;f']);
    $client->setBasicAuth('me', 'secret');
    $client->post('/form', ['x' => 'y z', 'list' => [1, 2]]);
    $client->setHeaders(['Content-Type' => 'application/json']);
    $client->set(['http_compression' => false]);
    $client->setMethod('PUT');
    $client->setData('{"a":1}');
    $client->execute('/json');
    $client->setData('');
    $client->setMethod('DELETE');
    $client->setCookies([]);
    $client->execute('/nothing');
    $server->close();
});
?>
--EXPECT--
GET /?q=1 HTTP/1.1
Host: 127.0.0.1:PORT
Connection: keep-alive
Accept-Encoding: gzip, deflate, br


--
GET /?q=1 HTTP/1.1
Host: 127.0.0.1:PORT
Connection: keep-alive
Accept-Encoding: gzip, deflate, br
==
POST /form HTTP/1.1
Host: example.org
X-Number: 5
Accept-Encoding: br
Authorization: Basic bWU6c2VjcmV0
Connection: keep-alive
Cookie: a=b+c; d=e%3Bf
Content-Type: application/x-www-form-urlencoded
Content-Length: 33

x=y+z&list%5B0%5D=1&list%5B1%5D=2
--
PUT /json HTTP/1.1
Host: 127.0.0.1:PORT
Content-Type: application/json
Authorization: Basic bWU6c2VjcmV0
Connection: keep-alive
Cookie: a=b+c; d=e%3Bf; from=server
Content-Length: 7

{"a":1}
--
DELETE /nothing HTTP/1.1
Host: 127.0.0.1:PORT
Content-Type: application/json
Authorization: Basic bWU6c2VjcmV0
Connection: keep-alive
Content-Length: 0


--
