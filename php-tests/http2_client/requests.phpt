--TEST--
Http2\Client: requests and replies, trailers, cookies, parts, several streams at a time
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/frames.inc';

Co\run(function (): void {
    $received = [];
    $server = new Canned(function ($connection) use (&$received): void {
        $frames = new Frames($connection);
        $waiting = [];
        while ([$type, $flags, $stream, $payload] = $frames->expect(0, 1)) {
            if ($type === 0) {
                $received[] = [$payload, $flags & 1];
            }
            if (!($flags & 1)) {
                continue;
            }
            $waiting[] = $stream;
            if ($stream === 5) {
                continue;
            }
            // the last one first
            foreach (array_reverse($waiting) as $stream) {
                $frames->send(1, 4, $stream, Frames::block([':status' => '200', 'set-cookie' => 'a=b%20c; path=/', 'x' => "s$stream"]));
                $frames->send(0, 0, $stream, 'one ');
                $frames->send(0, 0, $stream, 'two');
                $frames->send(1, 5, $stream, Frames::block(['grpc-status' => '0']));
            }
            $waiting = [];
        }
    });
    $client = h2_client($server);
    var_dump($client->connect(), $client->connect(), $client->errMsg, $client->connected);
    $request = h2_request('/form', 'POST', ['a' => 'b c']);
    var_dump($client->send($request), $client->isStreamExist(1), $client->stats('active_stream_num'), $request->headers);
    $response = $client->recv();
    echo json_encode($response), "\n";
    var_dump($client->isStreamExist(1), $client->isStreamExist(0));

    $request = h2_request('/stream', 'POST');
    $request->pipeline = true;
    $stream = $client->send($request);
    var_dump($client->write($stream, 'first'), $client->write($stream, 'last', true), $client->write($stream, 'more'), $client->errCode, $client->errMsg);
    do {
        $part = $client->read();
        echo json_encode([$part->streamId, $part->statusCode, $part->data, $part->pipeline, $part->headers === null]), "\n";
    } while ($part->pipeline);

    var_dump($client->send(h2_request()), $client->send(h2_request()));
    echo $client->recv()->streamId, ' ', $client->recv()->streamId, "\n";
    var_dump($client->ping(), $client->recv(0.02), $client->errCode, $client->connected);
    var_dump($client->close(), $client->close(), $client->errCode, $client->send(h2_request()), $client->errCode);
    echo json_encode($received), "\n";
    $server->close();
});
?>
--EXPECT--
bool(true)
bool(false)
string(39) "Transport endpoint is already connected"
bool(true)
int(1)
bool(true)
int(1)
array(1) {
  ["content-type"]=>
  string(33) "application/x-www-form-urlencoded"
}
{"streamId":1,"errCode":0,"statusCode":200,"pipeline":false,"headers":{"set-cookie":"a=b%20c; path=\/","x":"s1","grpc-status":"0"},"set_cookie_headers":["a=b%20c; path=\/"],"cookies":{"a":"b c"},"data":"one two"}
bool(false)
bool(true)
bool(true)
bool(true)
bool(false)
int(22)
string(40) "unable to found active pipeline stream#3"
[3,200,"one ",true,false]
[3,0,"two",true,true]
[3,0,null,false,false]
int(5)
int(7)
7 5
bool(true)
bool(false)
int(110)
bool(true)
bool(true)
bool(false)
int(9)
bool(false)
int(5001)
[["a=b+c",1],["first",0],["last",1]]
