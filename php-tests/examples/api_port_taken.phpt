--TEST--
examples/api says why it cannot start
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$taken = stream_socket_server('tcp://127.0.0.1:0');
$port = substr(strrchr(stream_socket_get_name($taken, false), ':'), 1);
$file = tempnam(sys_get_temp_dir(), 'steelwool');
$end = run_php('require ' . var_export(dirname(__DIR__, 2) . '/examples/api/server.php', true) . ';', [], ['PORT' => $port, 'DB_FILE' => $file]);
echo str_replace($port, 'PORT', $end['out']), "exit code {$end['code']}\n";
array_map(unlink(...), glob("$file*"));
--EXPECT--
cannot listen on 127.0.0.1:PORT: bind(127.0.0.1:PORT) failed
exit code 1
