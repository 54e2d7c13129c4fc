--TEST--
connect() fills serverInfo, sock and connected; a second connect() keeps the connection
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = @new Swoole\Coroutine\MySQL();
    var_dump($mysql->serverInfo, $mysql->sock, $mysql->connected);
    var_dump($mysql->connect(mysql_settings()));
    var_dump(array_keys($mysql->serverInfo), $mysql->sock > 2, $mysql->connected, $mysql->connect_errno, $mysql->connect_error);
    $id = mysql_id($mysql);
    var_dump($mysql->connect(mysql_settings(['password' => 'not looked at'])), $mysql->connect(), mysql_id($mysql) === $id);
});
--EXPECT--
NULL
int(-1)
bool(false)
bool(true)
array(5) {
  [0]=>
  string(4) "host"
  [1]=>
  string(4) "port"
  [2]=>
  string(4) "user"
  [3]=>
  string(8) "password"
  [4]=>
  string(8) "database"
}
bool(true)
bool(true)
int(0)
string(0) ""
bool(true)
bool(true)
bool(true)
