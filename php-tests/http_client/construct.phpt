--TEST--
Http\Client: the constructor, and use outside of coroutines
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine\Http\Client;

try {
    new Client('');
} catch (Client\Exception $exception) {
    echo get_class($exception), ': ', $exception->getMessage(), ' ', $exception->getCode(), "\n";
}
$client = new Co\Http\Client('example.org', 0, true);
echo json_encode([$client->host, $client->port, $client->ssl, $client->connected, $client->headers, $client->body]), "\n";
try {
    (new Client('127.0.0.1', 1))->get('/');
} catch (Swoole\Error $error) {
    echo $error->getMessage(), "\n";
}
?>
--EXPECT--
Swoole\Coroutine\Http\Client\Exception: host is empty 22
["example.org",0,true,false,null,""]
API must be called in the coroutine
