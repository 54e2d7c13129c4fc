--TEST--
stats() and count() follow every change
--FILE--
<?php

use Swoole\Table;

$table = new Table(64);
$table->column('a', Table::TYPE_INT);
$table->column('b', Table::TYPE_INT);
var_dump(count($table));
$table->create();
$table->set('x', ['a' => 1]);
$table->set('x', ['b' => 1]);
$table->incr('x', 'a');
$table->incr('y', 'a');
for ($i = 0; $i < 40; $i++) {
    $table->set("k$i", []);
}
echo json_encode($table->stats()), "\n";
var_dump($table->count(), $table->count(COUNT_RECURSIVE), count($table, COUNT_RECURSIVE));
var_dump($table->del('y'), $table->delete('y'), $table->exist('x'), $table->exists('y'));
for ($i = 0; $i < 40; $i++) {
    $table->del("k$i");
}
echo json_encode($table->stats()), "\n";
?>
--EXPECT--
int(0)
{"num":42,"conflict_count":8,"conflict_max_level":1,"insert_count":42,"update_count":2,"delete_count":0,"available_slice_num":4,"total_slice_num":12}
int(42)
int(84)
int(42)
bool(true)
bool(false)
bool(true)
bool(false)
{"num":1,"conflict_count":8,"conflict_max_level":1,"insert_count":42,"update_count":2,"delete_count":41,"available_slice_num":12,"total_slice_num":12}
