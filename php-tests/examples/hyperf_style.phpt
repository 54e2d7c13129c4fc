--TEST--
examples/hyperf-style serves HTTP, WebSocket and TCP in the asynchronous and in the coroutine style
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

function get(int $port, string $path, string $method = 'GET', string $body = ''): string
{
    $answer = http_request($port, $path, $method, ['X-Request-Id' => 'mine'], $body, 20.0);
    return "$method $path: {$answer['status']} {$answer['headers']['x-request-id']} {$answer['body']}\n";
}

/** Waits until so many leases are free. */
function leases(int $port, int $free): string
{
    $end = microtime(true) + 20;
    do {
        $now = json_decode(http_request($port, '/leases', seconds: 20.0)['body'], true)['free'];
    } while ($now !== $free && microtime(true) < $end && usleep(5000) === null);
    return "$now free\n";
}

foreach (['async', 'process', 'coroutine'] as $style) {
    echo "--- $style\n";
    [$ws, $tcp] = [free_port(), free_port()];
    $server = ServerProcess::start(__DIR__ . '/../../examples/hyperf-style/server.php', [], ['STYLE' => $style, 'WS_PORT' => (string) $ws, 'TCP_PORT' => (string) $tcp]);
    $port = $server->port;
    if (!wait_for_port($ws, 20.0) || !wait_for_port($tcp, 20.0)) {
        die("a port is missing\n" . $server->output());
    }
    echo get($port, '/'), get($port, '/?user=you'), get($port, '/users/7'), get($port, '/style'), get($port, '/echo', 'POST', '{"a":[1]}');
    echo get($port, '/echo', 'POST', '{'), get($port, '/nothing'), get($port, '/echo'), get($port, '/broken');

    // Requests that sleep at the same time keep their own contexts.
    $clients = [];
    foreach (range(1, 10) as $i) {
        fwrite($clients[$i] = connect_to($port, 20.0), request_bytes('/slow', headers: ['X-Request-Id' => "r$i"]));
    }
    foreach ($clients as $i => $client) {
        $answers[$i] = read_response($client)['body'] === json_encode(['same' => true, 'id' => "r$i"]);
    }
    echo array_product($answers) ? 'each has its own id' : 'ids are mixed', "\n";

    // What middleware took is back after the handshake, in the coroutine style after the connection.
    $socket = new RawWebSocket($ws, "X-Request-Id: mine\r\n");
    echo strtok($socket->head, "\r"), ' ', $socket->header('Sec-WebSocket-Accept'), "\n";
    $socket->send('hello');
    echo $socket->show(), leases($port, $style === 'coroutine' ? 1 : 2);
    $socket->send(pack('n', 1000), 8);
    echo $socket->show();
    fclose($socket->socket);
    echo leases($port, 2);
    echo $server->waitForOutput('a connection has closed', 20.0) ? '' : "onClose was not called\n";

    $client = connect_to($tcp, 20.0);
    fwrite($client, "hello\nwor");
    echo fgets($client);
    fwrite($client, "ld\n");
    echo fgets($client);
    fclose($client);

    $server->send(SIGTERM);
    echo 'exit code ', $server->wait(20.0), "\n";
}
?>
--EXPECT--
--- async
GET /: 200 mine {"message":"Hello Hyperf."}
GET /?user=you: 200 mine {"message":"Hello you."}
GET /users/7: 200 mine {"id":7}
GET /style: 200 mine {"style":"Async"}
POST /echo: 200 mine {"a":[1]}
POST /echo: 400 mine {"error":"the body is no JSON: Syntax error"}
GET /nothing: 404 mine {"error":"there is no \/nothing"}
GET /echo: 405 mine {"error":"use POST"}
GET /broken: 500 mine {"error":"the server has failed"}
each has its own id
HTTP/1.1 101 Switching Protocols s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
text olleh
2 free
close 1000
2 free
Swoole\WebSocket\Server: olleh
Swoole\WebSocket\Server: dlrow
exit code 0
--- process
GET /: 200 mine {"message":"Hello Hyperf."}
GET /?user=you: 200 mine {"message":"Hello you."}
GET /users/7: 200 mine {"id":7}
GET /style: 200 mine {"style":"Async"}
POST /echo: 200 mine {"a":[1]}
POST /echo: 400 mine {"error":"the body is no JSON: Syntax error"}
GET /nothing: 404 mine {"error":"there is no \/nothing"}
GET /echo: 405 mine {"error":"use POST"}
GET /broken: 500 mine {"error":"the server has failed"}
each has its own id
HTTP/1.1 101 Switching Protocols s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
text olleh
2 free
close 1000
2 free
Swoole\WebSocket\Server: olleh
Swoole\WebSocket\Server: dlrow
exit code 0
--- coroutine
GET /: 200 mine {"message":"Hello Hyperf."}
GET /?user=you: 200 mine {"message":"Hello you."}
GET /users/7: 200 mine {"id":7}
GET /style: 200 mine {"style":"Coroutine"}
POST /echo: 200 mine {"a":[1]}
POST /echo: 400 mine {"error":"the body is no JSON: Syntax error"}
GET /nothing: 404 mine {"error":"there is no \/nothing"}
GET /echo: 405 mine {"error":"use POST"}
GET /broken: 500 mine {"error":"the server has failed"}
each has its own id
HTTP/1.1 101 Switching Protocols s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
text olleh
1 free
close 1000
2 free
Swoole\Coroutine\Server\Connection: olleh
Swoole\Coroutine\Server\Connection: dlrow
exit code 0
