--TEST--
incr() and decr() make the row, add, and refuse what is no column of numbers
--FILE--
<?php

use Swoole\Table;

$table = new Table(8);
$table->column('i', Table::TYPE_INT);
$table->column('s', Table::TYPE_STRING, 8);
$table->column('f', Table::TYPE_FLOAT);
$table->create();
foreach ([[], [5], [-2], [1.9], ['3x'], [null], [[1, 2]]] as $by) {
    echo json_encode($table->incr('k', 'i', ...$by)), ' ', json_encode($table->decr('l', 'i', ...$by)), "\n";
}
foreach ([[], [1.25], [null], ['2.5']] as $by) {
    echo json_encode($table->incr('k', 'f', ...$by)), ' ', json_encode($table->decr('l', 'f', ...$by)), "\n";
}
$table->set('limit', ['i' => PHP_INT_MAX]);
var_dump($table->incr('limit', 'i') === PHP_INT_MIN, $table->decr('limit', 'i') === PHP_INT_MAX);

var_dump($table->incr('k', 's'), $table->decr('k', 's'), $table->incr('k', 'nothing'), $table->decr('new', "no\0thing"));
echo json_encode([$table->get('new'), $table->get('k'), count($table)]), "\n";
?>
--EXPECTF--
1 -1
6 -6
4 -4
5 -5
8 -8
8 -8
9 -9
1 -1
2.25 -2.25
2.25 -2.25
4.75 -4.75
bool(true)
bool(true)

Warning: Swoole\Table::incr(): can't execute 'incr' on a string type column in %s on line %d

Warning: Swoole\Table::decr(): can't execute 'decr' on a string type column in %s on line %d

Warning: Swoole\Table::incr(): column[nothing] does not exist in %s on line %d

Warning: Swoole\Table::decr(): column[no] does not exist in %s on line %d
bool(false)
bool(false)
bool(false)
bool(false)
[{"i":0,"s":"","f":0},{"i":9,"s":"","f":4.75},4]
