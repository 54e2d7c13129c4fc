--TEST--
Headers whose names are numbers are found under these numbers, on both sides
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

Co\run(function () {
    $server = new Swoole\Coroutine\Http\Server('127.0.0.1', 0);
    $server->handle('/', function ($request, $response) {
        var_dump($request->header['12'], $request->header['-3'], $request->header['007']);
        $response->header(12345, 'int');
        $response->header(1.5, 'float');
        $response->end();
    });
    go(fn () => $server->start());
    $client = new Swoole\Coroutine\Client(SWOOLE_SOCK_TCP);
    $client->connect('127.0.0.1', $server->port);
    $client->send("GET / HTTP/1.1\r\nHost: a\r\n12: a\r\n12: b\r\n-3: c\r\n007: d\r\n\r\n");
    $client->recv();
    $client->close();

    $client = new Swoole\Coroutine\Http\Client('127.0.0.1', $server->port);
    $server->handle('/b', function ($request, $response) {
        $response->header(12345, 'int');
        $response->header(1.5, 'float');
        $response->header('007', 'not int');
        $response->end();
    });
    $client->get('/b');
    var_dump($client->headers[12345], $client->headers['12345'], $client->headers['1.5'], $client->headers['007']);
    $server->shutdown();
});
?>
--EXPECT--
array(2) {
  [0]=>
  string(1) "a"
  [1]=>
  string(1) "b"
}
string(1) "c"
string(1) "d"
string(3) "int"
string(3) "int"
string(5) "float"
string(7) "not int"
