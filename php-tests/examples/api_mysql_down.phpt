--TEST--
examples/api answers 503 when its database does not, and lives on
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(__DIR__ . '/../../examples/api/server.php', [], ['DB_HOST' => '127.0.0.1', 'DB_PORT' => (string) free_port()]);
foreach (['/health', '/notes', '/notes/1', '/'] as $path) {
    $response = http_request($server->port, $path);
    echo $path, ' ', $response['status'], ' ', preg_replace('/127.0.0.1:\d+/', 'HOST', trim($response['body'])), "\n";
}
--EXPECT--
/health 503 {"ok":false}
/notes 503 {"error":"the database does not answer"}
/notes/1 503 {"error":"the database does not answer"}
/ 200 {"service":"notes","storage":"MySQL (HOST/test)"}
