--TEST--
examples/api ends at SIGTERM with 0, also with an idle connection open
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$file = tempnam(sys_get_temp_dir(), 'steelwool');
$server = ServerProcess::start(__DIR__ . '/../../examples/api/server.php', [], ['DB_FILE' => $file]);
$idle = connect_to($server->port);
fwrite($idle, request_bytes('/'));
echo read_response($idle)['status'], "\n";
$server->send(SIGTERM);
var_dump($server->wait(5.0), $server->signal());
array_map(unlink(...), glob("$file*"));
--EXPECT--
200
int(0)
int(0)
