--TEST--
Http\Client: what is no reply, or not a whole one, fails at once with Swoole's numbers
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/canned.inc';

Co\run(function (): void {
    $ok = 'HTTP/1.1 200 OK';
    $chunked = "$ok\r\nTransfer-Encoding: chunked\r\n\r\n";
    $replies = [
        'status' => "HTTP/1.1 abc OK\r\n\r\n",
        'lengths' => "$ok\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        'no number' => "$ok\r\nContent-Length: 3x\r\n\r\nabc",
        'length and chunks' => "$ok\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        'chunk size' => "{$chunked}zz\r\nabc",
        'huge chunk' => "{$chunked}fffffffffffffffff\r\nabc",
        'folded line' => "$ok\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n",
        'bad name' => "$ok\r\nA(: b\r\nContent-Length: 0\r\n\r\n",
        'long head' => "$ok\r\nA: " . str_repeat('a', 100_000) . "\r\n\r\n",
        'short body' => "$ok\r\nContent-Length: 10\r\n\r\nabc!",
        'short chunk' => "{$chunked}5\r\nabc!",
        'short head' => "$ok\r\nContent-Le!",
        'nothing' => '!',
    ];
    $server = Canned::replies($replies);
    foreach (array_keys($replies) as $path) {
        $client = $server->client();
        echo "$path: ", outcome($client, $client->get('/' . rawurlencode($path))), ' ', json_encode($client->connected), "\n";
    }
    $server->close();
});
?>
--EXPECT--
status: false -3 7102 "Http invalid protocol" "" false
lengths: false -3 7102 "Http invalid protocol" "" false
no number: false -3 7102 "Http invalid protocol" "" false
length and chunks: false -3 7102 "Http invalid protocol" "" false
chunk size: false -3 7102 "Http invalid protocol" "" false
huge chunk: false -3 7102 "Http invalid protocol" "" false
folded line: false -3 7102 "Http invalid protocol" "" false
bad name: false -3 7102 "Http invalid protocol" "" false
long head: false -3 7102 "Http invalid protocol" "" false
short body: false -3 104 "Connection reset by peer" "" false
short chunk: false -3 104 "Connection reset by peer" "" false
short head: false -3 104 "Connection reset by peer" "" false
nothing: false -3 104 "Connection reset by peer" "" false
