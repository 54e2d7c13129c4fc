--TEST--
Http\Client: replies with a length, in chunks, until the end, with several headers of a name
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/canned.inc';

Co\run(function (): void {
    $ok = 'HTTP/1.1 200 OK';
    $server = Canned::replies([
        'length' => "$ok\r\nContent-Length: 5\r\nX-Case: Kept\r\n\r\nhello",
        'chunked' => "$ok\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nX-Behind: yes\r\n\r\n",
        'none' => "HTTP/1.1 204 No Content\r\n\r\n",
        'unchanged' => "HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n",
        'lists' => "$ok\r\nA: 1\r\na: 2\r\nA: 3\r\n12: x\r\nSet-Cookie: a=b%20c; path=/\r\nSet-Cookie: =d\r\nSet-Cookie: e=\r\nContent-Length: 0\r\n\r\n",
        'many' => "$ok\r\n" . implode('', array_map(fn ($i) => 'X-' . $i % 40 . ": $i\r\n", range(0, 119))) . "Content-Length: 0\r\n\r\n",
        'end' => "$ok\r\nA: b\r\n\r\nuntil the end!",
    ]);
    $client = $server->client();
    foreach (['length', 'chunked', 'none', 'unchanged', 'lists', 'end'] as $path) {
        echo "$path: ", outcome($client, $client->get("/$path")), ' ', json_encode($client->headers), "\n";
    }
    $client->get('/many');
    unset($client->headers['content-length']);
    var_dump($client->headers === array_combine(array_map(fn ($i) => "x-$i", range(0, 39)), array_map(fn ($i) => ["$i", (string) ($i + 40), (string) ($i + 80)], range(0, 39))));
    echo json_encode([$client->cookies, $client->getCookies() === $client->cookies]), "\n";
    $client = $server->client(['timeout' => 5, 'lowercase_header' => false]);
    $client->get('/length');
    echo json_encode($client->getHeaders()), $client->getStatusCode(), $client->getBody(), "\n";
    $client->setMethod('HEAD');
    echo 'HEAD: ', outcome($client, $client->execute('/unchanged')), "\n";
    echo json_encode([$client->connected, $client->getpeername(), $client->getsockname()['address'], $client->close(), $client->connected, $client->close()]), "\n";
    $server->close();
});
?>
--EXPECTF--
length: true 200 0 "" "hello" {"content-length":"5","x-case":"Kept"}
chunked: true 200 0 "" "abcde" {"transfer-encoding":"chunked","x-behind":"yes"}
none: true 204 0 "" "" null
unchanged: true 304 0 "" "" {"content-length":"100"}
lists: true 200 0 "" "" {"a":["1","2","3"],"12":"x","set-cookie":["a=b%20c; path=\/","=d","e="],"content-length":"0"}
end: true 200 0 "" "until the end" {"a":"b"}
bool(true)
[{"a":"b c","0":"d","e":""},true]
{"Content-Length":"5","X-Case":"Kept"}200hello
HEAD: true 304 0 "" ""
[true,{"address":"127.0.0.1","port":%d},"127.0.0.1",true,false,false]
