--TEST--
Server: a pid_file that cannot be written is told, and the server runs
--FILE--
<?php
$server = new Swoole\Server('127.0.0.1', 0, SWOOLE_BASE);
$server->set(['pid_file' => __FILE__ . '/no/folder.pid']);
$server->on('receive', fn () => null);
$server->on('workerStart', fn ($server) => $server->shutdown());
var_dump($server->start());
?>
--EXPECTF--
[%s]	WARNING	file_put_contents(): open('%spid_file.php/no/folder.pid') failed, Error: Not a directory[20]
bool(true)
