--TEST--
tables keep the names of their columns, which nobody else may have, and large rows give their memory back
--FILE--
<?php

use Swoole\Table;

// strings of the size of the names and values below, between which freed ones lie
$others = [];
for ($i = 0; $i < 30_000; $i++) {
    $others[] = "z$i";
}
for ($i = 0; $i < 3000; $i++) {
    $table = new Table(64);
    $table->column("c$i", Table::TYPE_STRING, 600);
    $table->create();
    $value = str_repeat('v', $i % 600);
    $table->set("a$i", ["c$i" => $value]);
    foreach ($table as $key => $row) {
        if ($key !== "a$i" || $row !== ["c$i" => $value]) {
            echo "wrong row $i\n";
        }
    }
    if ($i % 2) {
        $table->destroy();
    }
}
foreach ($others as $i => $other) {
    if ($other !== "z$i") {
        echo "wrong string $i\n";
    }
}

$table = new Table(64);
$table->column('large', Table::TYPE_STRING, 100_000);
$table->create();
$table->set('k', ['large' => str_repeat('x', 100_000)]);
$work = static function () use ($table): void {
    for ($i = 0; $i < 1000; $i++) {
        $table->get('k');
        $table->get('k', 'large');
        iterator_to_array($table);
        $table->set('k', ['large' => str_repeat('x', 100_000)]);
    }
};
$work();
$before = memory_get_usage();
$work();
var_dump(memory_get_usage() - $before);
?>
--EXPECT--
int(0)
