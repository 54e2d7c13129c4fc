--TEST--
a table without room for another colliding key says so, and keeps what it has
--FILE--
<?php

use Swoole\Table;

$table = new Table(1);
$table->column('v', Table::TYPE_INT);
$table->create();
$held = $refused = [];
for ($i = 0; $i < 200; $i++) {
    if (@$table->set("k$i", ['v' => $i])) {
        $held["k$i"] = ['v' => $i];
    } else {
        $refused[] = "k$i";
    }
}
echo count($held), ' ', json_encode($table->stats()), "\n";
var_dump($table->set($refused[0], ['v' => 1]), $table->incr($refused[0], 'v'), $table->incr($refused[0], 'nothing'), $table->exists($refused[0]));
var_dump($table->set('k0', ['v' => -1]), $table->get('k0', 'v'), $table->incr('k0', 'v'));
$rows = iterator_to_array($table);
ksort($rows);
ksort($held);
var_dump($rows === $held);
// a deleted row makes room for another of its chain
foreach (array_keys($held) as $key) {
    $table->del($key);
}
var_dump(count($table), $table->stats()['available_slice_num'], $table->set($refused[0], ['v' => 5]), $table->get($refused[0]));
?>
--EXPECTF--
76 {"num":76,"conflict_count":136,"conflict_max_level":2,"insert_count":76,"update_count":0,"delete_count":0,"available_slice_num":0,"total_slice_num":12}

Warning: Swoole\Table::set(): failed to set('k44'), unable to allocate memory in %s on line %d

Warning: Swoole\Table::incr(): unable to allocate memory in %s on line %d

Warning: Swoole\Table::incr(): unable to allocate memory in %s on line %d
bool(false)
bool(false)
bool(false)
bool(false)
bool(true)
int(-1)
int(0)
bool(true)
int(0)
int(12)
bool(true)
array(1) {
  ["v"]=>
  int(5)
}
