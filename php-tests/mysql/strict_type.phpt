--TEST--
strict_type: numbers of query() are int and float, and parameters keep their types
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    foreach ([false, true] as $strict) {
        $mysql = mysql_open(['strict_type' => $strict]);
        $mysql->query('CREATE TEMPORARY TABLE t (a TINYINT, b INT UNSIGNED ZEROFILL, c BIGINT UNSIGNED, d FLOAT, e DOUBLE, f DECIMAL(5,2), g YEAR, h BIGINT)');
        $mysql->query('INSERT INTO t VALUES (-1, 42, 18446744073709551615, 1.1, 2.5, 3.10, 1999, -9223372036854775808), (1, 1, 1, 1, 1, 1, 2001, NULL)');
        var_dump($mysql->query('SELECT * FROM t'));
        var_dump($mysql->prepare('SELECT ? AS a, ? AS b, ? AS c, ? AS d, ? AS e')->execute([1, 1.5, null, true, 'x'])[0]);
    }
});
--EXPECT--
array(2) {
  [0]=>
  array(8) {
    ["a"]=>
    string(2) "-1"
    ["b"]=>
    string(10) "0000000042"
    ["c"]=>
    string(20) "18446744073709551615"
    ["d"]=>
    string(3) "1.1"
    ["e"]=>
    string(3) "2.5"
    ["f"]=>
    string(4) "3.10"
    ["g"]=>
    string(4) "1999"
    ["h"]=>
    string(20) "-9223372036854775808"
  }
  [1]=>
  array(8) {
    ["a"]=>
    string(1) "1"
    ["b"]=>
    string(10) "0000000001"
    ["c"]=>
    string(1) "1"
    ["d"]=>
    string(1) "1"
    ["e"]=>
    string(1) "1"
    ["f"]=>
    string(4) "1.00"
    ["g"]=>
    string(4) "2001"
    ["h"]=>
    NULL
  }
}
array(5) {
  ["a"]=>
  string(1) "1"
  ["b"]=>
  string(3) "1.5"
  ["c"]=>
  NULL
  ["d"]=>
  string(1) "1"
  ["e"]=>
  string(1) "x"
}
array(2) {
  [0]=>
  array(8) {
    ["a"]=>
    int(-1)
    ["b"]=>
    int(42)
    ["c"]=>
    string(20) "18446744073709551615"
    ["d"]=>
    float(1.1)
    ["e"]=>
    float(2.5)
    ["f"]=>
    string(4) "3.10"
    ["g"]=>
    string(4) "1999"
    ["h"]=>
    int(-9223372036854775808)
  }
  [1]=>
  array(8) {
    ["a"]=>
    int(1)
    ["b"]=>
    int(1)
    ["c"]=>
    int(1)
    ["d"]=>
    float(1)
    ["e"]=>
    float(1)
    ["f"]=>
    string(4) "1.00"
    ["g"]=>
    string(4) "2001"
    ["h"]=>
    NULL
  }
}
array(5) {
  ["a"]=>
  int(1)
  ["b"]=>
  float(1.5)
  ["c"]=>
  NULL
  ["d"]=>
  int(1)
  ["e"]=>
  string(1) "x"
}
