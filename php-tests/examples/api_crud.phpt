--TEST--
examples/api creates, reads, updates and deletes notes in its embedded storage
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$file = tempnam(sys_get_temp_dir(), 'steelwool');
$server = ServerProcess::start(__DIR__ . '/../../examples/api/server.php', [], ['HOST' => '127.0.0.1', 'DB_FILE' => $file]);

function call(string $method, string $path, ?array $body = null): void
{
    global $server;
    $json = $body === null ? '' : json_encode($body);
    $response = http_request($server->port, $path, $method, ['Content-Type' => 'application/json'], $json);
    echo "$method $path: {$response['status']} ", preg_replace('/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/', 'TIME', trim($response['body'])), "\n";
}

call('GET', '/health');
call('GET', '/notes');
call('POST', '/notes', ['title' => 'Buy wool', 'text' => 'steel, fine']);
call('POST', '/notes', ['title' => 'ünï', 'text' => "two\nlines"]);
call('GET', '/notes');
call('GET', '/notes?after=1&limit=1');
call('GET', '/notes/2');
call('PUT', '/notes/1', ['title' => 'Buy more wool']);
call('GET', '/notes/1');
call('DELETE', '/notes/1');
call('GET', '/notes/1');
call('DELETE', '/notes/1');
$server->stop();
array_map(unlink(...), glob("$file*"));
--EXPECT--
GET /health: 200 {"ok":true}
GET /notes: 200 {"notes":[]}
POST /notes: 201 {"id":1,"title":"Buy wool","text":"steel, fine","created":"TIME"}
POST /notes: 201 {"id":2,"title":"ünï","text":"two\nlines","created":"TIME"}
GET /notes: 200 {"notes":[{"id":1,"title":"Buy wool","text":"steel, fine","created":"TIME"},{"id":2,"title":"ünï","text":"two\nlines","created":"TIME"}]}
GET /notes?after=1&limit=1: 200 {"notes":[{"id":2,"title":"ünï","text":"two\nlines","created":"TIME"}]}
GET /notes/2: 200 {"id":2,"title":"ünï","text":"two\nlines","created":"TIME"}
PUT /notes/1: 200 {"id":1,"title":"Buy more wool","text":"","created":"TIME"}
GET /notes/1: 200 {"id":1,"title":"Buy more wool","text":"","created":"TIME"}
DELETE /notes/1: 204 
GET /notes/1: 404 {"error":"there is no such note"}
DELETE /notes/1: 404 {"error":"there is no such note"}
