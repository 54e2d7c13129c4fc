--TEST--
Http\Client: a connection outlives the loop that it was opened in
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = proc_open([PHP_BINARY, '-n', '-r', <<<'CODE'
    $listener = stream_socket_server('tcp://127.0.0.1:0');
    echo explode(':', stream_socket_get_name($listener, false))[1], "\n";
    while ($connection = stream_socket_accept($listener, 20)) {
        for ($number = 0; ($request = fread($connection, 8192)) !== '' && $request !== false; $number++) {
            fwrite($connection, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n$number");
        }
    }
    CODE], [1 => ['pipe', 'w']], $pipes);
$client = new Swoole\Coroutine\Http\Client('127.0.0.1', (int) fgets($pipes[1]));
$client->set(['timeout' => 5]);
for ($i = 0; $i < 4; $i++) {
    Co\run(function () use ($client): void {
        var_dump($client->get('/'), $client->body, $client->socket->fd === ($GLOBALS['fd'] ??= $client->socket->fd));
    });
}
proc_terminate($server);
?>
--EXPECT--
bool(true)
string(1) "0"
bool(true)
bool(true)
string(1) "1"
bool(true)
bool(true)
string(1) "2"
bool(true)
bool(true)
string(1) "3"
bool(true)
