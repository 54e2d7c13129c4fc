--TEST--
execute() with a wrong number of parameters is false with errno 2034
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = mysql_open();
    $statement = $mysql->prepare('SELECT ?');
    foreach ([null, [], [1, 2]] as $parameters) {
        var_dump($statement->execute($parameters), $statement->errno, preg_replace('/#\d+/', '#N', $statement->error));
        var_dump($mysql->errno === $statement->errno, $mysql->error === $statement->error);
    }
    var_dump($statement->execute([1])[0], $mysql->prepare('SELECT 1 AS one')->execute());
});
--EXPECT--
bool(false)
int(2034)
string(64) "SQLSTATE[HY000] [2034] Statement#N expects 1 parameter, 0 given."
bool(true)
bool(true)
bool(false)
int(2034)
string(64) "SQLSTATE[HY000] [2034] Statement#N expects 1 parameter, 0 given."
bool(true)
bool(true)
bool(false)
int(2034)
string(64) "SQLSTATE[HY000] [2034] Statement#N expects 1 parameter, 2 given."
bool(true)
bool(true)
array(1) {
  ["?"]=>
  string(1) "1"
}
array(1) {
  [0]=>
  array(1) {
    ["one"]=>
    int(1)
  }
}
