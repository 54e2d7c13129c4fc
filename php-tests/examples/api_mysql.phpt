--TEST--
examples/api keeps its notes in MySQL, through a pool, when it is told where
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$dsn = sprintf(
    'mysql://%s:%s@%s:%d/%s',
    getenv('STEELWOOL_MYSQL_USER'),
    getenv('STEELWOOL_MYSQL_PASSWORD'),
    getenv('STEELWOOL_MYSQL_HOST'),
    getenv('STEELWOOL_MYSQL_PORT'),
    getenv('STEELWOOL_MYSQL_DATABASE'),
);
$server = ServerProcess::start(__DIR__ . '/../../examples/api/server.php', [], ['DB_DSN' => $dsn, 'DB_POOL' => '3']);

function call(string $method, string $path, ?array $body = null): string
{
    global $server;
    $json = $body === null ? '' : json_encode($body);
    $response = http_request($server->port, $path, $method, ['Content-Type' => 'application/json'], $json);
    return $response['status'] . ' ' . preg_replace('/"created":"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"/', '"created":"TIME"', trim($response['body']));
}

echo preg_replace('/MySQL \(.*\)/', 'MySQL', call('GET', '/')), "\n", call('GET', '/health'), "\n";
$made = call('POST', '/notes', ['title' => 'ünï "quoted"', 'text' => "it's\ntwo lines"]);
preg_match('/"id":(\d+)/', $made, $match);
$id = (int) $match[1];
$show = static fn (string $answer) => print(str_replace("\"id\":$id,", '"id":N,', $answer) . "\n");
$show($made);
$show(call('GET', "/notes/$id"));
$show(call('PUT', "/notes/$id", ['title' => 'changed']));
$show(call('GET', '/notes?after=' . ($id - 1) . '&limit=1'));

// ten requests at once share three connections
$open = [];
for ($i = 0; $i < 10; $i++) {
    $open[$i] = connect_to($server->port);
    fwrite($open[$i], request_bytes("/notes/$id"));
}
echo implode(' ', array_unique(array_map(static fn ($socket) => read_response($socket)['status'], $open))), "\n";
$show(call('DELETE', "/notes/$id"));
$show(call('GET', "/notes/$id"));
echo $server->stop() !== '' && $server->signal() === 0 ? "stopped\n" : "not stopped\n";
--EXPECT--
200 {"service":"notes","storage":"MySQL"}
200 {"ok":true}
201 {"id":N,"title":"ünï \"quoted\"","text":"it's\ntwo lines","created":"TIME"}
200 {"id":N,"title":"ünï \"quoted\"","text":"it's\ntwo lines","created":"TIME"}
200 {"id":N,"title":"changed","text":"","created":"TIME"}
200 {"notes":[{"id":N,"title":"changed","text":"","created":"TIME"}]}
200
204 
404 {"error":"there is no such note"}
stopped
