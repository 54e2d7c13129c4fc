--TEST--
values become what their column holds; columns that are not given stay, or are empty in a new row
--FILE--
<?php

use Swoole\Table;

class Text
{
    public function __toString(): string
    {
        return 'text';
    }
}

$table = new Table(8);
$table->column('i', Table::TYPE_INT);
$table->column('s', Table::TYPE_STRING, 8);
$table->column('f', Table::TYPE_FLOAT);
$table->create();
$reference = 77;
$rows = [
    [],
    ['i' => 1, 's' => 'one', 'f' => 1.5],
    ['f' => '7.5abc', 'i' => '12abc'],
    ['s' => 1.5],
    ['i' => 3.99, 's' => true, 'f' => true],
    ['i' => null, 's' => null],
    ['s' => new Text(), 'f' => 'abc', 5 => 'no column'],
    ['i' => &$reference, 's' => &$reference, 'f' => &$reference],
    ['i' => PHP_INT_MIN, 'f' => -1e300, 's' => "\0\n"],
    ['i' => [1], 'f' => []],
    ['s' => [1]],
    ['i' => new Text()],
];
foreach ($rows as $row) {
    var_dump($table->set('k', $row));
    echo json_encode($table->get('k'), JSON_PRESERVE_ZERO_FRACTION), "\n";
}
?>
--EXPECTF--
bool(true)
{"i":0,"s":"","f":0.0}
bool(true)
{"i":1,"s":"one","f":1.5}
bool(true)
{"i":12,"s":"one","f":7.5}
bool(true)
{"i":12,"s":"1.5","f":7.5}
bool(true)
{"i":3,"s":"1","f":1.0}
bool(true)
{"i":0,"s":"","f":1.0}
bool(true)
{"i":0,"s":"text","f":0.0}
bool(true)
{"i":77,"s":"77","f":77.0}
bool(true)
{"i":-9223372036854775808,"s":"\u0000\n","f":-1.0e+300}
bool(true)
{"i":1,"s":"\u0000\n","f":0.0}

Warning: Array to string conversion in %s on line %d
bool(true)
{"i":1,"s":"Array","f":0.0}

Warning: Object of class Text could not be converted to int in %s on line %d
bool(true)
{"i":1,"s":"Array","f":0.0}
