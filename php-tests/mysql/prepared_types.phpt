--TEST--
Rows of prepared statements have the types of their columns, and read as text rows do
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = mysql_open();
    $mysql->query('CREATE TEMPORARY TABLE t (
        a TINYINT, b SMALLINT UNSIGNED, c MEDIUMINT, d INT UNSIGNED, e BIGINT, f BIGINT UNSIGNED, g FLOAT, h DOUBLE, i DECIMAL(6,2),
        j DATE, k DATETIME(3), l TIMESTAMP NULL, m TIME(1), n YEAR, o BLOB, p BIT(9), q JSON, r SET("a", "b"), s ENUM("x", "y"), t VARCHAR(9))');
    $mysql->query("INSERT INTO t VALUES
        (-1, 65535, -8388608, 4294967295, -9223372036854775808, 18446744073709551615, 1.1, -2.25, 1.5,
         '2020-02-29', '2020-02-29 01:02:03.4', '2020-02-29 01:02:03', '-100:00:01.5', 1999, 'blob', 257, '[1]', 'a,b', 'y', 'ü')");
    $mysql->query('INSERT INTO t (j, k, m) VALUES (0, 0, 0)');
    $rows = $mysql->prepare('SELECT * FROM t')->execute();
    var_dump($rows[0]);
    $text = $mysql->query('SELECT * FROM t');
    var_dump($text[0]['k'] === $rows[0]['k'], $text[0]['m'] === $rows[0]['m'], $text[0]['p'] === $rows[0]['p']);
    var_dump(array_filter($rows[1], static fn ($value) => $value !== null));
});
--EXPECT--
array(20) {
  ["a"]=>
  int(-1)
  ["b"]=>
  int(65535)
  ["c"]=>
  int(-8388608)
  ["d"]=>
  int(4294967295)
  ["e"]=>
  int(-9223372036854775808)
  ["f"]=>
  string(20) "18446744073709551615"
  ["g"]=>
  float(1.1)
  ["h"]=>
  float(-2.25)
  ["i"]=>
  string(4) "1.50"
  ["j"]=>
  string(10) "2020-02-29"
  ["k"]=>
  string(23) "2020-02-29 01:02:03.400"
  ["l"]=>
  string(19) "2020-02-29 01:02:03"
  ["m"]=>
  string(12) "-100:00:01.5"
  ["n"]=>
  string(4) "1999"
  ["o"]=>
  string(4) "blob"
  ["p"]=>
  string(2) ""
  ["q"]=>
  string(3) "[1]"
  ["r"]=>
  string(3) "a,b"
  ["s"]=>
  string(1) "y"
  ["t"]=>
  string(2) "ü"
}
bool(true)
bool(true)
bool(true)
array(3) {
  ["j"]=>
  string(10) "0000-00-00"
  ["k"]=>
  string(23) "0000-00-00 00:00:00.000"
  ["m"]=>
  string(10) "00:00:00.0"
}
