--TEST--
columns are added before create(), with a known type and strings with a size
--FILE--
<?php

use Swoole\Table;

$table = new Table(8);
var_dump($table->column('a', 0), $table->column('a', 4));
var_dump($table->column('a', Table::TYPE_STRING), $table->column('a', Table::TYPE_STRING, -1));
var_dump($table->column('i', Table::TYPE_INT), $table->column('f', Table::TYPE_FLOAT, 1), $table->column('s', Table::TYPE_STRING, 5));
var_dump($table->column('12', Table::TYPE_INT), $table->column('', Table::TYPE_INT));
var_dump($table->create());
var_dump($table->column('z', Table::TYPE_INT), $table->column('z', 9), $table->column('z', Table::TYPE_STRING));

$table->set('k', ['i' => 1, 'f' => 2, 's' => 'three', '12' => 4, '' => 5, 'nothing' => 6]);
var_dump($table->get('k'));
foreach (['i', 'f', 's', '12', '', 'nothing', 12, null] as $column) {
    echo json_encode($column), ' ', json_encode($table->get('k', $column)), "\n";
}
?>
--EXPECTF--
[%s]	WARNING	Table::add_column(): unknown column type
[%s]	WARNING	Table::add_column(): unknown column type
bool(false)
bool(false)

Warning: Swoole\Table::column(): the length of string type values has to be more than zero in %s on line %d

Warning: Swoole\Table::column(): the length of string type values has to be more than zero in %s on line %d
bool(false)
bool(false)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)

Warning: Swoole\Table::column(): unable to add column after table has been created in %s on line %d

Warning: Swoole\Table::column(): unable to add column after table has been created in %s on line %d

Warning: Swoole\Table::column(): the length of string type values has to be more than zero in %s on line %d
bool(false)
bool(false)
bool(false)
array(5) {
  ["i"]=>
  int(1)
  ["f"]=>
  float(2)
  ["s"]=>
  string(5) "three"
  [12]=>
  int(0)
  [""]=>
  int(5)
}
"i" 1
"f" 2
"s" "three"
"12" 0
"" 5
"nothing" false
12 0
null {"i":1,"f":2,"s":"three","12":0,"":5}
