--TEST--
Http\Client: a line break in what a request is made of does not reach the server
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/canned.inc';

Co\run(function (): void {
    $server = new Canned(function ($connection): void {
        while (($request = Canned::head($connection)) !== '') {
            echo strtok($request, "\r"), "\n";
            fwrite($connection, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }
    });
    $try = function (callable $change, string $path = '/') use ($server): void {
        $client = $server->client();
        $change($client);
        $answered = @$client->execute($path);
        echo json_encode([$answered, $client->statusCode, $client->errCode]), "\n";
    };
    $try(fn ($client) => $client->setHeaders(['X' => "y\r\nZ: injected"]));
    $try(fn ($client) => $client->setHeaders(["X\r\nZ" => 'injected']));
    $try(fn ($client) => $client->setMethod("GET / HTTP/1.1\r\nX: y\r\n\r\nGET"));
    $try(fn ($client) => $client->setCookies(["a\r\nZ" => 'injected']));
    $try(fn ($client) => true, "/a b\r\nZ: injected");
    $server->close();
});
?>
--EXPECT--
[false,-4,505]
[false,-4,505]
[false,-4,505]
[false,-4,505]
GET /a%20b%0D%0AZ:%20injected HTTP/1.1
[true,200,0]
