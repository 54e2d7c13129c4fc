--TEST--
examples/hello.php answers
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(__DIR__ . '/../../examples/hello.php');
$response = http_request($server->port, '/world');
echo $response['status'], ' ', $response['headers']['content-type'], ' ', $response['body'];
echo str_replace((string) $server->port, 'PORT', $server->stop());
--EXPECT--
200 text/plain Hello from /world
listening on http://127.0.0.1:PORT/
