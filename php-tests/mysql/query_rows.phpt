--TEST--
query() gives rows by column name; names that are numbers become int keys, the last of equal names wins
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = mysql_open();
    var_dump($mysql->query("SELECT 1, 'a' AS a, NULL AS n, 1.50 AS d, '' AS e, 2 AS `7`, 3 AS `07`, 4 AS a"));
    var_dump($mysql->query('SELECT 1 FROM DUAL WHERE 1 = 0'));
});
--EXPECT--
array(1) {
  [0]=>
  array(7) {
    [1]=>
    string(1) "1"
    ["a"]=>
    string(1) "4"
    ["n"]=>
    NULL
    ["d"]=>
    string(4) "1.50"
    ["e"]=>
    string(0) ""
    [7]=>
    string(1) "2"
    ["07"]=>
    string(1) "3"
  }
}
array(0) {
}
