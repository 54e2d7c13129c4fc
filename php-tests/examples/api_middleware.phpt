--TEST--
Requirement 11: middleware registered at boot wraps every request, with a request id and timing in the answer
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$file = tempnam(sys_get_temp_dir(), 'steelwool');
$server = ServerProcess::start(__DIR__ . '/../../examples/api/server.php', [], ['DB_FILE' => $file]);
foreach (['/notes', '/nothing'] as $path) {
    $headers = http_request($server->port, $path, 'GET', ['X-Request-Id' => 'mine-1'])['headers'];
    echo $headers['x-request-id'], ' ', preg_match('/^app;dur=[\d.]+$/', $headers['server-timing']), "\n";
}
$ids = [];
for ($i = 0; $i < 3; $i++) {
    $ids[] = http_request($server->port, '/', 'GET', ['X-Request-Id' => 'not valid!'])['headers']['x-request-id'];
}
var_dump(count(array_unique($ids)), preg_match('/^[0-9a-f]{16}$/', $ids[0]));
$server->stop();
array_map(unlink(...), glob("$file*"));
--EXPECT--
mine-1 1
mine-1 1
int(3)
int(1)
