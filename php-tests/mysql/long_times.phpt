--TEST--
A TIME of more than 255 hours reads the same from both kinds of rows
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = mysql_open();
    $mysql->query('CREATE TEMPORARY TABLE t (t TIME(6))');
    $mysql->query("INSERT INTO t VALUES ('838:59:59'), ('-500:00:00.000001')");
    $text = $mysql->query('SELECT t FROM t');
    var_dump(array_column($text, 't'), $mysql->prepare('SELECT t FROM t')->execute() === $text);
});
--EXPECT--
array(2) {
  [0]=>
  string(16) "838:59:59.000000"
  [1]=>
  string(17) "-500:00:00.000001"
}
bool(true)
