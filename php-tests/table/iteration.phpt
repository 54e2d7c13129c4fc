--TEST--
an iteration shows each row as it was when it came to it
--FILE--
<?php

use Swoole\Table;

$table = new Table(64);
$table->column('v', Table::TYPE_INT);
$table->column('s', Table::TYPE_STRING, 8);
$table->create();
$show = static fn () => print json_encode([$table->valid(), $table->key(), $table->current()]) . "\n";
$show();
$table->set('a', ['v' => 1, 's' => 'x']);
$table->set('b', ['v' => 2]);
$show();
$table->next();
$show();
$table->set('a', ['v' => 99]);
$show();
$table->next();
$show();
$table->next();
$show();
$table->next();
$table->rewind();
$show();
$table->set('77', ['v' => 7]);
foreach ($table as $key => $row) {
    echo gettype($key), " $key ", json_encode($row), "\n";
}
echo "an empty key ends it\n";
var_dump($table->set('', ['v' => 5]), $table->get('', 'v'), $table->exists(''));
var_dump(iterator_count($table), $table->del(''), iterator_count($table));
?>
--EXPECT--
[false,null,null]
[false,null,null]
[true,"a",{"v":1,"s":"x"}]
[true,"a",{"v":1,"s":"x"}]
[true,"b",{"v":2,"s":""}]
[false,null,null]
[true,"a",{"v":99,"s":"x"}]
string a {"v":99,"s":"x"}
string b {"v":2,"s":""}
string 77 {"v":7,"s":""}
an empty key ends it
bool(true)
int(5)
bool(true)
int(0)
bool(true)
int(3)
