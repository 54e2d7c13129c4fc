--TEST--
rows of large texts and of many columns come back as they were
--FILE--
<?php

use Swoole\Table;

$table = new Table(64);
$table->column('a', Table::TYPE_STRING, 600);
$table->column('n', Table::TYPE_INT);
$table->column('b', Table::TYPE_STRING, 300_000);
$table->create();
for ($i = 0; $i < 6; $i++) {
    $row = ['a' => random_bytes(100 * $i), 'n' => $i, 'b' => random_bytes($i % 2 ? 300_000 : $i)];
    $table->set("k$i", $row);
    $table->set("k$i", $row);
    $same = [$table->get("k$i") === $row, $table->get("k$i", 'a') === $row['a'], $table->get("k$i", 'b') === $row['b']];
    $rows["k$i"] = $row;
    echo json_encode($same), "\n";
}
$seen = iterator_to_array($table);
ksort($seen);
var_dump($seen === $rows);
$table->del('k3');
$table->set('k3', ['n' => 3]);
var_dump($table->get('k3'));

$table = new Table(64);
for ($i = 0; $i < 50; $i++) {
    $table->column("c$i", $i % 3 + 1, 16);
    $wide["c$i"] = [$i, $i / 2, "text $i"][$i % 3];
}
$table->create();
$table->set('k', $wide);
var_dump($table->get('k') === $wide, $table->get('k', 'c49'));
foreach ($table as $row) {
    var_dump($row === $wide);
}
?>
--EXPECTF--
Fatal error: Uncaught ValueError: random_bytes(): Argument #1 ($length) must be greater than 0 in %s:11
Stack trace:
#0 %s(11): random_bytes(0)
#1 {main}
  thrown in %s on line %d
