--TEST--
Coroutine\Http\request(), get() and post() with the client
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/canned.inc';

use function Swoole\Coroutine\Http\{get, post, request};

Co\run(function (): void {
    $server = new Canned(function ($connection): void {
        while (($request = Canned::head($connection)) !== '') {
            $body = strtok($request, "\r") . '|' . substr($request, strpos($request, "\r\n\r\n") + 4);
            fwrite($connection, "HTTP/1.1 201 Made\r\nSet-Cookie: a=b\r\nContent-Length: " . strlen($body) . "\r\n\r\n$body");
        }
    });
    $url = "http://127.0.0.1:$server->port";
    $reply = get("$url/path?q=1", ['timeout' => 5]);
    echo json_encode([$reply->getStatusCode(), $reply->getBody(), $reply->getHeaders()['set-cookie'], $reply->getCookies()]), "\n";
    echo post("$url/form", ['a' => 'b'])->getBody(), "\n";
    echo request($url, 'PATCH', 'body')->getBody(), "\n";
    $server->close();
    try {
        get('http://127.0.0.1:1/');
    } catch (Co\Http\Client\Exception $exception) {
        echo $exception->getCode(), ' ', $exception->getMessage(), "\n";
    }
});
?>
--EXPECT--
[201,"GET \/path?q=1 HTTP\/1.1|","a=b",{"a":"b"}]
POST /form HTTP/1.1|a=b
PATCH / HTTP/1.1|body
111 Connection refused
