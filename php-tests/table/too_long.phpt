--TEST--
long strings and long keys are cut off
--FILE--
<?php

use Swoole\Table;

$table = new Table(1024);
$table->column('s', Table::TYPE_STRING, 5);
$table->column('i', Table::TYPE_INT);
$table->create();
echo "strings\n";
var_dump($table->set('k', ['s' => '123456789']), $table->get('k', 's'));
var_dump($table->set('k', ['s' => '12345678']), $table->get('k', 's'));
var_dump($table->set("a\0b", ['s' => "x\0y\0z12345"]), bin2hex($table->get("a\0b", 's')), $table->exists('a'));

echo "keys\n";
$key = str_repeat('K', 63);
var_dump($table->set($key, ['i' => 63]), $table->set("{$key}a", ['i' => 64]), $table->set("{$key}bcdefg", ['i' => 70]));
var_dump($table->get($key, 'i'), $table->get("{$key}a", 'i'), $table->get("{$key}bcdefg", 'i'), $table->exists("{$key}zzz"));
var_dump($table->incr("{$key}q", 'i'), $table->del("{$key}a"), $table->del("{$key}a"), count($table));
var_dump($table->set("ab\0" . str_repeat('q', 80), ['i' => 1]));
foreach ($table as $name => $row) {
    if (strlen($name) > 3) {
        echo strlen($name), "\n";
    }
}
?>
--EXPECTF--
strings
[%s]	WARNING	TableRow::set_value(): [key=k,field=s]string value is too long
bool(true)
string(8) "12345678"
bool(true)
string(8) "12345678"
[%s]	WARNING	TableRow::set_value(): [key=a,field=s]string value is too long
bool(true)
string(16) "780079007a313233"
bool(false)
keys

Warning: Swoole\Table::set(): key[KKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKa] is too long in %s on line %d

Warning: Swoole\Table::set(): key[KKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKKbcdefg] is too long in %s on line %d
bool(true)
bool(true)
bool(true)
int(63)
int(64)
int(70)
bool(false)
int(1)
bool(true)
bool(false)
int(5)

Warning: Swoole\Table::set(): key[ab] is too long in %s on line %d
bool(true)
63
63
63
63
