--TEST--
examples/api answers bad requests with 4xx and JSON
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$file = tempnam(sys_get_temp_dir(), 'steelwool');
$server = ServerProcess::start(__DIR__ . '/../../examples/api/server.php', [], ['DB_FILE' => $file, 'API_TOKEN' => 'secret']);

function call(string $method, string $path, string $body = '', array $headers = []): void
{
    global $server;
    $response = http_request($server->port, $path, $method, $headers + ['Content-Type' => 'application/json', 'Authorization' => 'Bearer secret'], $body);
    echo "$method $path: {$response['status']} ", trim($response['body']), isset($response['headers']['allow']) ? " allow {$response['headers']['allow']}" : '', "\n";
}

call('GET', '/nothing');
call('GET', '/notes/0');
call('GET', '/notes/99999999999999999999');
call('GET', '/notes?limit=51');
call('GET', '/notes?after=x');
call('GET', '/notes?after[]=1');
call('PATCH', '/notes/1', '{}');
call('POST', '/notes', '{broken');
call('POST', '/notes', '[1]');
call('POST', '/notes', 'a=1', ['Content-Type' => 'application/x-www-form-urlencoded']);
call('POST', '/notes', '{}');
call('POST', '/notes', json_encode(['title' => str_repeat('ü', 121), 'text' => 5, 'color' => 'red']));
call('POST', '/notes', '{"title":"no token"}', ['Authorization' => 'Bearer wrong']);
call('POST', '/notes', '{"title":"' . "\xff" . '"}');
$server->stop();
array_map(unlink(...), glob("$file*"));
--EXPECT--
GET /nothing: 404 {"error":"there is nothing here"}
GET /notes/0: 404 {"error":"there is no such note"}
GET /notes/99999999999999999999: 404 {"error":"there is no such note"}
GET /notes?limit=51: 400 {"error":"limit must be a number from 1 to 50"}
GET /notes?after=x: 400 {"error":"after must be a number from 0 to 9223372036854775807"}
GET /notes?after[]=1: 400 {"error":"after must be a number from 0 to 9223372036854775807"}
PATCH /notes/1: 405 {"error":"PATCH is not allowed here"} allow GET, PUT, DELETE
POST /notes: 400 {"error":"the body is not valid JSON: syntax error"}
POST /notes: 400 {"error":"the body must be a JSON object"}
POST /notes: 415 {"error":"the body must be application/json"}
POST /notes: 422 {"error":"the note is not valid","fields":{"title":"is required, as a text"}}
POST /notes: 422 {"error":"the note is not valid","fields":{"title":"may have 120 characters","text":"must be a text","color":"is not known"}}
POST /notes: 401 {"error":"a bearer token is needed"}
POST /notes: 400 {"error":"the body is not valid JSON: malformed UTF-8 characters, possibly incorrectly encoded"}
