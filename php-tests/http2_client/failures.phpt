--TEST--
Http2\Client: streams that are given up, GOAWAY, broken frames, ends, room to send
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/frames.inc';

Co\run(function (): void {
    $told = null;
    $server = new Canned(function ($connection, int $number) use (&$told): void {
        $frames = new Frames($connection);
        $frames->expect(1);
        if ($number === 0) {
            $frames->send(3, 0, 1, pack('N', 7));
            $frames->expect(1);
            $frames->send(7, 0, 0, pack('NN', 1, 11) . 'calm down');
        } elseif ($number === 1) {
            $frames->send(0, 0, 99, 'of no stream');
            [, , , $payload] = $frames->expect(7);
            $told = unpack('N', substr($payload, 4))[1];
        } elseif ($number === 3) {
            for ($size = 0; $size < 100_000; $size += strlen($payload)) {
                if ($size === 65_535) {
                    Co::sleep(0.02);
                    echo "making room\n";
                    $frames->send(8, 0, 0, pack('N', 100_000));
                    $frames->send(8, 0, 1, pack('N', 100_000));
                }
                [, , , $payload] = $frames->expect(0);
            }
            $frames->send(1, 5, 1, Frames::block([':status' => '200', 'size' => (string) $size]));
            $frames->expect(7);
            return;
        }
        fclose($connection);
    });
    $client = h2_client($server);
    $client->connect();
    $client->send(h2_request());
    $response = $client->recv();
    echo json_encode([$response->streamId, $response->statusCode, $response->errCode]), "\n";
    $client->send(h2_request());
    echo json_encode([$client->recv(), $client->errCode, $client->errMsg, $client->serverLastStreamId, $client->connected]), "\n";
    $client->connect();
    $client->send(h2_request());
    echo json_encode([$client->recv(), $client->connected]), "\n";
    Co::sleep(0.02);
    echo "server is told $told\n";
    $client->connect();
    $client->send(h2_request());
    echo json_encode([$client->recv(), $client->errCode, $client->connected]), "\n";
    $client->connect();
    $client->send(h2_request('/', 'POST', str_repeat('x', 100_000)));
    echo json_encode($client->recv()->headers), "\n";
    var_dump($client->goaway(0, 'bye'));
    echo json_encode([$client->recv(0.02), $client->errCode]), "\n";
    $client->close();
    $request = h2_request();
    $client->connect();
    $request->headers = ['x' => "y\r\nz: injected"];
    echo json_encode([$client->send($request), $client->errCode]), "\n";
    $server->close();
    try {
        new Swoole\Coroutine\Http2\Client('');
    } catch (Swoole\Coroutine\Http2\Client\Exception $exception) {
        echo $exception->getMessage(), ' ', $exception->getCode(), "\n";
    }
    $client = new Swoole\Coroutine\Http2\Client('127.0.0.1', 1);
    echo json_encode([$client->connect(), $client->errCode, $client->errMsg]), "\n";
});
?>
--EXPECT--
[1,-3,7]
[false,11,"calm down",1,false]
[false,false]
server is told 1
[false,104,false]
making room
{"size":"100000"}
bool(true)
[false,110]
[false,505]
host is empty 505
[false,111,"Connection refused"]
