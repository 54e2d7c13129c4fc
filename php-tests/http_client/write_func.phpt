--TEST--
Http\Client: a function that takes the body in parts, closes the client, or throws
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/canned.inc';

Co\run(function (): void {
    $server = new Canned(function ($connection): void {
        Canned::head($connection);
        fwrite($connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        for ($i = 0; $i < 4; $i++) {
            @fwrite($connection, "2\r\n$i$i\r\n");
            Co::sleep(0.005);
        }
        @fwrite($connection, "0\r\n\r\n");
        fclose($connection);
    });
    $run = function (callable $function) use ($server): void {
        $client = $server->client(['timeout' => 5, 'write_func' => $function]);
        try {
            $answered = $client->get('/');
            echo json_encode([$answered, $client->statusCode, $client->body, $client->connected]), "\n";
        } catch (LogicException $exception) {
            echo get_class($exception), ' ', json_encode($client->connected), "\n";
        }
    };
    $run(function ($client, $data): void {
        echo get_class($client), " $data\n";
    });
    $run(function ($client, $data): void {
        echo "$data\n";
        if ($data === '11') {
            var_dump($client->close());
        }
    });
    $run(fn () => throw new LogicException());
    $server->close();
});
?>
--EXPECT--
Swoole\Coroutine\Http\Client 00
Swoole\Coroutine\Http\Client 11
Swoole\Coroutine\Http\Client 22
Swoole\Coroutine\Http\Client 33
[true,200,"",true]
00
11
bool(true)
[false,-3,"",false]
LogicException false
